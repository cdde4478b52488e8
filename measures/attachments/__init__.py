"""Files that belong to a measure, a session or a point of its agenda."""
