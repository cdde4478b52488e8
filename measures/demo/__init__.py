"""The invented example workshop: texts, people and ratings of our own making."""
