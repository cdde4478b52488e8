"""The admin's start page: what a municipality shows of itself comes first, workshops second."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

Section = dict[str, Any]

OF_MUNICIPALITIES = ("Municipality", "Look", "LegalText")


def in_our_order(get_app_list: Callable[..., list[Section]]) -> Callable[..., list[Section]]:
    """Return Django's list of sections in the order that people look for things.

    The page of one app keeps Django's own.
    """

    def ordered(request: HttpRequest, app_label: str | None = None) -> list[Section]:
        sections = get_app_list(request, app_label)
        if app_label:
            return sections
        of_apps = {section["app_label"]: section for section in sections}
        own = of_apps.pop("workshops", None)
        parts = _parted(own) if own else []
        if permissions := of_apps.get("auth"):
            _tell_apart(permissions)
        return [*parts, *of_apps.values()]

    return ordered


def _parted(section: Section) -> list[Section]:
    """Return what belongs to municipalities, and the rest; neither if it is empty."""
    models: Mapping[str, Section] = {each["object_name"]: each for each in section["models"]}
    first = [models[name] for name in OF_MUNICIPALITIES if name in models]
    rest = [each for each in section["models"] if each not in first]
    name = _("Municipalities: imprint, privacy, accessibility, coat of arms and colour")
    parts = [section | {"name": name, "models": first}, section | {"models": rest}]
    return [part for part in parts if part["models"]]


def _tell_apart(section: Section) -> None:
    """Call groups of permissions so: workshops have groups as well."""
    for model in section["models"]:
        if model["object_name"] == "Group":
            model["name"] = _("Groups of permissions")
