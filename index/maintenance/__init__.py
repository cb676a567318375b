"""Keeping a desk whole: check it, repair it, take something out of it for good."""
