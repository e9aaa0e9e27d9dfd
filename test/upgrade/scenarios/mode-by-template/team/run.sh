one
more
