"""The terminal: commands, tables and messages."""
