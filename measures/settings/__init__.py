"""The workshop's settings, and what decisions rested on when they were changed."""
