export const port = 3000;

export function start(now = true) {
  listen(port);
}

export function stop() {
  close();
}
