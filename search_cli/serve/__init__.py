"""The desk in a browser: read-only pages on this machine, from the same questions as the terminal."""
