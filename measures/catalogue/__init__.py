"""Every measure by itself with everything known about it, and all of them in a list."""
