"""What one paragraph adds to another: the rule of `--remove redundant`, in Python to be read."""
