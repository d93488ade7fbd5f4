"""Findings over a whole workspace, and how they are reported; pure."""
