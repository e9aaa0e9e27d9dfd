"""What jobs of workers say. Features that add jobs need no more of a worker than this."""
