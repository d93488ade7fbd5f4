"""Tests that managers write: what a guest says, and what must happen.

`reading` makes cases of files, `stage` makes a thread of a case, `judging` holds what happens against what is
expected; `snapshots` keeps whole replies, `coverage` counts rules, `formats` writes for programs.
"""
