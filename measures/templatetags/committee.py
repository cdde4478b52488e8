"""What the pages of a session compute for a drawing."""

from django import template

from measures.committee.item import mean_share

register = template.Library()
register.filter("mean_share", mean_share)
