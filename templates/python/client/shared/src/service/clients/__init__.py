"""What other services can do, in the words of this one: one module a service."""
