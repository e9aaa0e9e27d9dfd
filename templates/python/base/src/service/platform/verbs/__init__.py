"""One module a verb: its name is what a person types."""
