"""Where text comes from: documents, and the batches they are read in."""
