"""What is decided, and nothing else: pure functions from frozen values to frozen values."""
