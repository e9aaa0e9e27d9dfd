export const port = 3000;

export function start() {
  listen(port, backlog);
}

export function stop() {
  close();
}
