"""What the page of a measure draws beside its figures; see ``measures.catalogue.histogram``."""

from django import template

from measures.catalogue.histogram import vote_bar
from measures.results.stability_words import room_range, weight_range

register = template.Library()
register.filter("vote_bar", vote_bar)
register.filter("room_range", room_range)
register.filter("weight_range", weight_range)
