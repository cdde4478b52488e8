"""What the page of a measure draws beside its figures; see ``measures.catalogue.histogram``."""

from django import template

from measures.catalogue.histogram import vote_bar

register = template.Library()
register.filter("vote_bar", vote_bar)
