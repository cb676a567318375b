"""What a collection says: groups compared, words, quotations, edits; values in, values out."""
