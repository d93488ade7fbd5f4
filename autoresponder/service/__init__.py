"""The running service: finding news, handling turns, health and shutdown."""
