"""How pages write amounts; see ``measures.costs.writing``."""

from django import template

from measures.costs import words, writing

register = template.Library()
register.filter("euros", writing.euros)
register.filter("money", words.money_words)
register.filter("percent", writing.percent)
