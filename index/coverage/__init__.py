"""How much of the coverage is held: estimates of what is missing, the health of outlets, counts."""
