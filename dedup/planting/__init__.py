"""Known copies put into real text, to measure what is found of them and what else is lost."""
