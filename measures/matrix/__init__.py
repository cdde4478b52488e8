"""The priority matrix: where the points lie, how they are drawn and saved as a picture."""
