"""A Channex-compatible server with scripted guests, for trying out and testing without an account."""
