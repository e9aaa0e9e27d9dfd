"""What the service does: one module a feature, with its own `router`. No list has to know it."""
