"""The habits of an outlet: what its pages have in common, learned from them, used to read the next one."""
