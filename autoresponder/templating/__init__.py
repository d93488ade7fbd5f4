"""Strict, sandboxed reply templates; pure."""
