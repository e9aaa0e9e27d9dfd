export const port = 3000;

export function start() {
  listen(port);
}

export function stop() {
  close();
}
