"""Dashboard and stability: who comes first, how sure that is, who saw it otherwise."""
