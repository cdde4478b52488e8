"""Seals: a chain per workshop that shows what was changed past the product."""
