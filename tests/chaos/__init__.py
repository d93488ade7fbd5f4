"""The delivery guarantee with real processes."""
