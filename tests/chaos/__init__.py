"""Proof that nothing is lost: people enter things while everything around them fails.

    python -m tests.chaos [--seconds 300] [--seed 7] [--only sqlite|postgresql]

Several browsers type lines and change them, rate on phones, type in sheets of paper and send ideas,
each with a way of its own to one real server. At random the server is killed, the database is
restarted (PostgreSQL) or held (SQLite), a way is cut, slowed, or swallows the answers, a browser is
told that it is offline, a page is reloaded or its process killed. In the end everything is mended,
and the database must hold each entry exactly once: all those that a page had said to have taken,
of the others no more than one each. The seed of the random choices is printed; which of two things
comes first is not repeated by it.
"""
