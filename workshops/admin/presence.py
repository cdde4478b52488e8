"""What a municipality shows of itself, and the texts that the law asks for."""

import base64
from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import FindingAdmin
from workshops.models import LegalText, Look
from workshops.models.presence import content_hash
from workshops.number_fields import ADMIN_NUMBERS
from workshops.presence.marking import GAP_BEGINS
from workshops.presence.model_texts import first_body

if TYPE_CHECKING:  # it loads Pillow, which a worker that serves ordinary pages should never do
    from workshops.presence.logo import Logo


class LookForm(forms.ModelForm):
    """``picture`` takes another coat of arms; ``without_picture`` takes it out.

    No browser sends a file twice, so a form that is refused carries the picture in ``kept``. What
    comes back there is read with the same suspicion as a file.
    """

    picture = forms.FileField(
        label=_("coat of arms or logo"),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/webp,image/jpeg"}),
        help_text=_("PNG, WebP or JPEG of at most 1 MB. No mark of a state without its consent."),
    )
    kept = forms.CharField(
        label=_("coat of arms or logo"), required=False, widget=forms.HiddenInput
    )
    without_picture = forms.BooleanField(label=_("show no picture"), required=False)
    chosen: "Logo | None" = None

    def full_clean(self):
        super().full_clean()
        if self.errors and "kept" in self.fields:
            self._keep(self.chosen)

    def clean_accent(self) -> str:
        return self.cleaned_data["accent"].lower()

    def clean_picture(self) -> "Logo | None":
        """Return the picture as we store it, None without one."""
        from workshops.presence.logo import read_logo

        file = self.cleaned_data["picture"]
        return read_logo(file) if file else None

    def clean_kept(self) -> "Logo | None":
        """Return the picture that was chosen before, None without one."""
        from workshops.presence.logo import read_logo

        if not (kept := self.cleaned_data["kept"]):
            return None
        try:
            return read_logo(ContentFile(base64.b64decode(kept, validate=True)))
        except (ValueError, ValidationError):
            self.add_error("picture", gettext("Please choose the picture once more."))
            return None

    def clean(self):
        data = super().clean() or self.cleaned_data
        is_without = data.get("without_picture")
        self.chosen = data.get("picture") or (None if is_without else data.get("kept"))
        if self.chosen or is_without:
            self.instance.take_logo(self.chosen)
        if self.instance.logo_hash and not data.get("logo_alt"):
            self.add_error("logo_alt", gettext("Please say in words what the picture shows."))
        return data

    def _keep(self, logo: "Logo | None") -> None:
        sent = cast("QueryDict", self.data).copy()
        sent[self.add_prefix("kept")] = base64.b64encode(logo.png).decode() if logo else ""
        self.data = sent
        if logo:
            self["picture"].help_text = gettext(
                "The picture that you chose is kept; it need not be chosen again."
            )


TAKING = ("picture", "kept", "without_picture")  # what only a form can take


@admin.register(Look)
class LookAdmin(FindingAdmin):
    form = LookForm
    formfield_overrides = {**ADMIN_NUMBERS, models.URLField: {"assume_scheme": "https"}}
    list_display = ("municipality", "is_own", "accent", "has_logo")
    list_filter = ("is_own",)
    list_select_related = ("municipality",)
    search_fields = ("municipality__name", "municipality__official_key")
    search_help_text = _("Name or official key")
    autocomplete_fields = ("municipality",)
    fieldsets = (
        (None, {"fields": ("municipality", "is_own")}),
        (
            _("Look"),
            {
                "fields": ("accent", "shown_logo", *TAKING, "logo_alt"),
                "description": _(
                    "Shown on public pages and on paper; the picture also in the bar of its"
                    " workshops. Where several municipalities take part, no colour is used."
                ),
            },
        ),
        (_("Further links"), {"fields": ("plain_language", "sign_language")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).defer("logo")

    def get_fieldsets(self, request, obj=None):
        """Leave out ``TAKING`` where this is no form."""
        told = super().get_fieldsets(request, obj)
        if self._takes(request, obj):
            return told
        kept = [
            {**part, "fields": [each for each in part["fields"] if each not in TAKING]}
            for _name, part in told
        ]
        return [(name, part) for (name, _part), part in zip(told, kept, strict=True)]

    def _takes(self, request: HttpRequest, obj: Look | None) -> bool:
        is_old = getattr(request, "shows_old_state", False)
        if obj is None:
            return self.has_add_permission(request)
        return not is_old and self.has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        fixed = ("municipality",) if obj else ()
        return ("shown_logo", *fixed, *super().get_readonly_fields(request, obj))

    @admin.display(description=_("coat of arms or logo"), boolean=True)
    def has_logo(self, look: Look) -> bool:
        return bool(look.logo_hash)

    @admin.display(description=_("at present"))
    def shown_logo(self, look: Look) -> SafeString | str:
        if not look.logo_hash:
            return "–"
        address = look.logo_url if "logo" in look.get_deferred_fields() else _at_hand(look)
        if not address:
            return gettext("This picture is not kept any more.")
        return format_html('<img src="{}" alt="{}" height="48">', address, look.logo_alt)


def _at_hand(look: Look) -> str:
    """Return the address of a picture that may not be saved yet, "" where it is another one.

    An old state has the hash of its own picture, but only the latest picture is kept.
    """
    png = bytes(look.logo or b"")
    is_it = content_hash(png) == look.logo_hash
    return f"data:image/png;base64,{base64.b64encode(png).decode()}" if is_it else ""


class LegalTextForm(forms.ModelForm):
    """A new text is empty: it begins with the model text of its kind, see the admin's save."""

    body = forms.CharField(
        label=_("text"),
        strip=False,
        max_length=40_000,
        widget=forms.Textarea({"rows": 30, "cols": 100}),
        help_text=_(
            "An empty line begins a paragraph, “# ” a heading, “## ” one below it, “- ” an item of"
            " a list. Addresses become links. “[… what is missing]” is a gap: as long as there is"
            " one, only staff see the text."
        ),
    )


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("ready", _("ready")), ("draft", _("draft with gaps"))]

    def queryset(self, request, queryset):
        if self.value() == "ready":
            return queryset.ready()
        return queryset.filter(body__contains=GAP_BEGINS) if self.value() == "draft" else queryset


@admin.register(LegalText)
class LegalTextAdmin(FindingAdmin):
    """A new text is the model text; what is known of the municipality stands in it already."""

    form = LegalTextForm
    list_display = ("kind", "whose", "language", "is_ready")
    list_filter = ("kind", "language", StateFilter)
    list_select_related = ("municipality",)
    search_fields = ("municipality__name", "body")
    search_help_text = _("Municipality, or words of the text")
    autocomplete_fields = ("municipality",)

    def get_fieldsets(self, request, obj=None):
        of_whom = ("kind", "municipality", "language")
        if obj:
            return [(None, {"fields": (*of_whom, "missing", "body")})]
        told = _("The next page brings the model text: what is known stands in it already.")
        return [(None, {"fields": of_whom, "description": told})]

    def get_readonly_fields(self, request, obj=None):
        fixed = ("kind", "municipality", "language", "missing") if obj else ()
        return (*fixed, *super().get_readonly_fields(request, obj))

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Ask for no words yet where the model text is still to come."""
        if obj is None:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.body = first_body(obj, timezone.localdate())
        super().save_model(request, obj, form, change)

    @admin.display(description=_("of whom"), ordering="municipality__name")
    def whose(self, text: LegalText) -> str:
        return text.whose

    @admin.display(description=_("ready"), boolean=True)
    def is_ready(self, text: LegalText) -> bool:
        return not text.gaps

    @admin.display(description=_("still missing"))
    def missing(self, text: LegalText) -> SafeString | str:
        if not text.gaps:
            return gettext("Nothing: the text is public.")
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", zip(text.gaps, strict=True))
        )
