"""How pages write what was measured; see ``measures.indicators.told``."""

from django import template

from measures.indicators import told

register = template.Library()
register.filter("plain_number", told.plain_number)
register.filter("with_unit", told.with_unit)
