if x:
    a()

b()
