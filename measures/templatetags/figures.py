from django import template

from measures.numbers import number_writer

register = template.Library()


@register.filter
def figure(value: float | None) -> str:
    """Write a mean, threshold or score as everywhere else: two decimals, a dash for nothing."""
    return number_writer()(value)
