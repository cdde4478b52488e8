from django import template

from measures.outcomes import decision_badge, outcome_badge

register = template.Library()
register.filter("outcome_badge", outcome_badge)
register.filter("decision_badge", decision_badge)
