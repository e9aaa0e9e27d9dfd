export const port = 4000;

export function start() {
  listen(port);
}

export function stop() {
  close();
}
