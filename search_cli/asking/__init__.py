"""From words and options to what is looked for: the query, narrowed, named, or only what is new."""
