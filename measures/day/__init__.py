"""The workshop's start page: which step comes next, and the way from phase to phase."""
