export const port = 3000;

<<<<<<< yours
export function start(now = true) {
  listen(port);
||||||| acme 1.0.0 on create-twelve-service 0.0.1
export function start() {
  listen(port);
=======
export function start() {
  listen(port, "0.0.0.0");
>>>>>>> acme 2.0.0 on create-twelve-service 0.0.1
}

export function stop() {
  close();
}
