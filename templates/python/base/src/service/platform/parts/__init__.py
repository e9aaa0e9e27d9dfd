"""One module a part: what features share, opened at the start and closed at the end."""
