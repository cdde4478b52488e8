"""Markup as tests compare it: how a template is broken into lines is nobody's business."""

import re

from django.http import HttpResponse


def before_outbox(response: HttpResponse) -> str:
    """Return a page up to what stands in the frame of each for entries that wait."""
    return response.content.decode().partition("data-outbox")[0]


def compact(page: str | HttpResponse) -> str:
    """Return markup without the space that only lays it out: tags as if in one line, side by side.

    For tests that look for a piece of markup. It tells nothing about a space between two words of
    which one is a link.
    """
    markup = page if isinstance(page, str) else page.content.decode()
    markup = re.sub(r"\s+", " ", markup)
    markup = re.sub(r" ?(<[^<>]*?) ?(/?>) ?", r"\1\2", markup)
    return re.sub(r'(?<= class=")[^"]*', lambda names: " ".join(names[0].split()), markup)
