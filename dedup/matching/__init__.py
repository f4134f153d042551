"""Which paragraphs repeat which, and what of that is removed: the walk in input order, in Python to be read."""
