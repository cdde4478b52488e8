"""What the pages of the follow-up draw; see ``measures.followup.signs``."""

from django import template

from measures.followup import signs

register = template.Library()
register.filter("light", signs.light)
register.filter("track_light", signs.track_light)
register.filter("axis_head", signs.axis_head)
register.filter("strip", signs.strip)
register.filter("state_counts", signs.state_counts)
