"""What tests work with."""
