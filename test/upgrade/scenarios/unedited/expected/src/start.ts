export const port = 3000;

export function start() {
  listen(port, "0.0.0.0");
}

export function stop() {
  close();
}
