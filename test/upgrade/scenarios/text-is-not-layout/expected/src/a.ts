<<<<<<< yours
log("helloworld");
||||||| acme 1.0.0 on create-twelve-service 0.0.1
log("hello world");
=======
log("hello world", 1);
>>>>>>> acme 2.0.0 on create-twelve-service 0.0.1
