"""What a run found: the model, and one renderer for each format."""
