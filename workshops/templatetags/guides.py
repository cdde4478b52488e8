"""What templates ask of the guides."""

from django import template

from workshops.guides import PICTURES, Section, section

register = template.Library()


@register.filter
def guide_section(place: str) -> Section:
    """Return the section that ``"facilitator#collect"`` names."""
    return section(place)


@register.inclusion_tag("help/_picture.html")
def guide_picture(name: str, alt: str) -> dict[str, object]:
    """Show a picture of the guides with its size, so that no text moves when it arrives."""
    width, height = PICTURES[name]
    return {"file": f"img/help/{name}.png", "alt": alt, "width": width, "height": height}
