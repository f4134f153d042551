"""`dedup check`: which repeats are new, which are accepted, and whether there are more than allowed."""
