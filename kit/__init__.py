"""The offline kit: a room served from one laptop without internet (``dev.py run --hall``)."""
