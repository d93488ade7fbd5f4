"""State that survives: the port, and one adapter for each kind of store.

`open_store` picks the adapter by URL and imports only that one.
"""
