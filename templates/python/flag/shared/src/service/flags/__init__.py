"""What the environment switches: one module a flag."""
