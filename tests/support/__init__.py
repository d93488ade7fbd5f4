"""Things that several tests share: real servers on free loopback ports, store backends, builders."""
