"""Every variable of the environment that the service reads: one module a concern."""
