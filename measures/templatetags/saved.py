from django import template

from measures.results.saved import new_view_form

register = template.Library()
register.simple_tag(new_view_form)
