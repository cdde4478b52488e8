from django import template

from measures.outcomes import outcome_badge

register = template.Library()
register.filter("outcome_badge", outcome_badge)
