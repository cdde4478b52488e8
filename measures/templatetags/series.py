from django import template

from measures.matrix.layout import COLOURS, SHAPES, shape_path

register = template.Library()


@register.filter
def colour(series: int) -> int:
    """Return the number of a series' colour, from 1; series are counted from 0."""
    return series % COLOURS + 1


@register.filter
def shape(series: int) -> str:
    """Return the path of a series' shape in a square of 24 pixels."""
    return shape_path(SHAPES[series % len(SHAPES)], 12, 12, 10)
