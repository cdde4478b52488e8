"""The room in which people meet: they come in with a code and rate on their phones."""
