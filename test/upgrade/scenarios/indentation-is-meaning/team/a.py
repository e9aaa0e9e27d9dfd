if x:
    a()

    b()
