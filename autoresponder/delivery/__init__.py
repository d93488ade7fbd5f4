"""The delivery guarantee: the state machine of outgoing actions and the code that walks it."""
