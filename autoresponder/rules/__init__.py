"""Rule text in, decision and trace out; pure."""
