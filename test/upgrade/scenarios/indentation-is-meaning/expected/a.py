if x:
    a()

<<<<<<< yours
    b()
||||||| acme 1.0.0 on create-twelve-service 0.0.1
b()
=======
b(2)
>>>>>>> acme 2.0.0 on create-twelve-service 0.0.1
