"""The send, cut at every byte: a proxy between the real client and the real sandbox."""
