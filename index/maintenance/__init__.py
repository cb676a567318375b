"""Maintain a desk: check it, repair it, remove something from it for good."""
