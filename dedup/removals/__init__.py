"""The removals file, and the way back that it opens. docs/removals.md has the format."""
