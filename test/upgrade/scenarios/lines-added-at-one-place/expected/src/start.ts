export const port = 3000;

export function start() {
  listen(port);
}

export function stop() {
  close();
}
<<<<<<< yours
export const ours = 1;
||||||| acme 1.0.0 on create-twelve-service 0.0.1
=======
export const theirs = 1;
>>>>>>> acme 2.0.0 on create-twelve-service 0.0.1
