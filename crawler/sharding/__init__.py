"""A desk split into buckets: which outlet lies where, and outlets moved with all that is known of them."""
