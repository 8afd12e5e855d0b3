"""What the operator says once: environment and file, read at start, frozen."""
