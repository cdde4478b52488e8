"""Deciding: the form, what is frozen with a decision, the dossier that shows it again."""
