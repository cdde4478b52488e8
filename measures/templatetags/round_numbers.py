from django import template

from measures.rating.choosing import round_numbers

register = template.Library()
register.inclusion_tag("measures/rating/_round_numbers.html")(round_numbers)
