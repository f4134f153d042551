"""Two engines with one meaning: `reference` to be read, `native` to be run."""
