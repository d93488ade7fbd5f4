"""JSON Schemas of the files that managers write, for editors and for `check` alike."""

from __future__ import annotations
