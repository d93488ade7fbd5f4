"""Deterministic simulation: the product's code over a virtual clock, a sandbox without sockets, and a store.

`schedule.run` plays one seed; `python -m tests.simulation SEED` plays it again and prints its history.
"""
