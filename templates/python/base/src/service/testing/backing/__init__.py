"""One module a backing service: the variables with which tests reach it."""
