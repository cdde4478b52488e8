"""Rounds of rating: ballots, paper, what is offered, closed, shown, and erased afterwards."""
