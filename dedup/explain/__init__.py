"""Why a paragraph was removed or kept, and what would have changed that."""
