"""The way back that a removals file opens. docs/removals.md has its format, and `dedup.sinks.removals` writes it."""
