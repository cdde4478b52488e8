"""What becomes of measures after a decision: how far they are, when due, who is reminded.

The progress pages show it; ``measures.day.counts`` counts the workshop's day, which is another
thing.
"""
