"""What an article said before: its versions, what changed between two, entries of live blogs."""
