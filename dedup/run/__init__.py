"""One run: the loop from sources to sinks, and what goes with it."""
