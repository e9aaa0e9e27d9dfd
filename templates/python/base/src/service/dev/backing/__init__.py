"""One module a backing service: the variables with which the service reaches it while `service.dev` runs."""
