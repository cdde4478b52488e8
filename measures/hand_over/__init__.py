"""A whole workshop from one installation to another: the transfer file."""
