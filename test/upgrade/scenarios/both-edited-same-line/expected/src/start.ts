export const port = 3000;

export function start() {
<<<<<<< yours
  listen(port, backlog);
||||||| acme 1.0.0 on create-twelve-service 0.0.1
  listen(port);
=======
  listen(port, "0.0.0.0");
>>>>>>> acme 2.0.0 on create-twelve-service 0.0.1
}

export function stop() {
  close();
}
