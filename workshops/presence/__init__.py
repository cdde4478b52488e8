"""Whose pages these are: legal texts, name, coat of arms and colour of a municipality."""
