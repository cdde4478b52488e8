"""What a municipality shows of itself, and the texts that the law asks for."""

import hashlib
import re
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workshops.models.municipality import Municipality, WorkshopMunicipality
from workshops.models.revision import mark_changed
from workshops.presence.contrast import (
    BLACK,
    SEEN,
    WHITE,
    contrast,
    is_seen,
    nearest,
    sheet,
)
from workshops.presence.marking import GAP_BEGINS, gaps, plain_gaps

if TYPE_CHECKING:  # it loads Pillow, which no worker needs for its pages
    from workshops.presence.logo import Logo

NOT_HTTPS = _("The address begins with https://.")
NO_COLOUR = _("A colour looks like this: #00519e.")
COLOUR = r"^#[0-9a-f]{6}\Z"
ON_THE_WEB = URLValidator(["https"], message=NOT_HTTPS, code="not_https")


def legible_accent(colour: str) -> None:
    """Refuse what is no colour, or is not seen on the page in one of both appearances."""
    if not re.match(COLOUR, colour):
        raise ValidationError(NO_COLOUR)
    if is_seen(colour):
        return
    ground, where = min(
        ((WHITE, gettext("the white page")), (BLACK, gettext("the dark page"))),
        key=lambda each: contrast(colour, each[0]),
    )
    text = gettext(
        "Against %(where)s this colour has a contrast of %(ratio)s : 1, and at least 3 : 1 is"
        " needed. The nearest colour that passes is %(nearest)s."
    )
    ratio = min(contrast(colour, ground), SEEN - 0.01)  # 2.999 must not read 3.00
    told = {"where": where, "ratio": number_format(ratio, 2), "nearest": nearest(colour, is_seen)}
    raise ValidationError(text % told)


class OfMunicipality(models.Model):
    """A row whose change is a change of every workshop its municipality takes part in."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            self._mark_workshops()
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            self._mark_workshops()
            return super().delete(*args, **kwargs)

    def _mark_workshops(self) -> None:
        """Say in one order that the pages have changed, or two people could wait for each other."""
        seats = WorkshopMunicipality.objects.filter(municipality=vars(self)["municipality_id"])
        for workshop_id in seats.order_by("workshop").values_list("workshop", flat=True):
            mark_changed(workshop_id)


class Look(OfMunicipality):
    """Coat of arms or logo, colour and further links of a municipality; nothing by default.

    The picture lies in the database: every host has it, and so has every backup.
    """

    municipality = models.OneToOneField(
        Municipality, models.CASCADE, related_name="look", verbose_name=_("municipality")
    )
    is_own = models.BooleanField(
        _("this installation is its own"),
        default=False,
        help_text=_("Its name and look stand at the log-in as well. At most one is."),
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[legible_accent],
        help_text=_("Like #00519e. Its contrast is checked in both appearances."),
    )
    logo = models.BinaryField(_("coat of arms or logo"), null=True, editable=False)
    logo_hash = models.CharField(max_length=16, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_alt = models.CharField(
        _("what the picture shows"),
        max_length=120,
        blank=True,
        help_text=_("Read out instead of the picture, e.g. “Coat of arms of Bingen am Rhein”."),
    )
    plain_language = models.URLField(
        _("plain language"), max_length=300, blank=True, validators=[ON_THE_WEB],
        help_text=_("Address of the page in plain language (Leichte Sprache)."),
    )  # fmt: skip
    sign_language = models.URLField(
        _("sign language"), max_length=300, blank=True, validators=[ON_THE_WEB],
        help_text=_("Address of the page with films in sign language (Gebärdensprache)."),
    )  # fmt: skip
    history = HistoricalRecords(excluded_fields=["logo", "logo_width", "logo_height"])

    class Meta:
        verbose_name = _("look of a municipality")
        verbose_name_plural = _("looks of municipalities")
        ordering = ["municipality__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_own"],
                condition=Q(is_own=True),
                name="look_one_is_own",
                violation_error_message=_("This installation is another municipality's already."),
            ),
            models.CheckConstraint(
                condition=Q(accent="") | Q(accent__regex=r"^#[0-9a-f]{6}$"),
                name="look_accent",
                violation_error_message=NO_COLOUR,
            ),
            models.CheckConstraint(
                condition=Q(logo=None, logo_hash="") | (~Q(logo_hash="") & ~Q(logo_alt="")),
                name="look_logo_is_told",
                violation_error_message=_("Please say in words what the picture shows."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: ""}) | Q(**{f"{name}__regex": "^https://"}),
                    name=f"look_{name}_on_the_web",
                    violation_error_message=NOT_HTTPS,
                )
                for name in ("plain_language", "sign_language")
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)

    def take_logo(self, logo: "Logo | None") -> None:
        """Put another picture in, or take it out; not saved yet."""
        self.logo = logo and logo.png
        self.logo_hash = content_hash(logo.png) if logo else ""
        self.logo_width, self.logo_height = (logo.width, logo.height) if logo else (0, 0)

    @property
    def logo_url(self) -> str:
        return self._address("look-logo", self.logo_hash) if self.logo_hash else ""

    @property
    def sheet(self) -> str:
        return sheet(self.accent) if self.accent else ""

    @property
    def sheet_url(self) -> str:
        if not self.accent:
            return ""
        return self._address("look-sheet", content_hash(self.sheet.encode()))

    def _address(self, route: str, content: str) -> str:
        return reverse(f"workshops:{route}", args=[self.municipality_id, content])


def content_hash(content: bytes) -> str:
    """Name a picture or a style sheet by what it is, so that it may be kept for ever."""
    return hashlib.sha256(content).hexdigest()[:16]


class LegalTextQuerySet(models.QuerySet):
    def ready(self) -> models.QuerySet:
        """Leave out drafts: what still has a gap is read by nobody but staff."""
        return self.exclude(body__contains=GAP_BEGINS)


class LegalText(OfMunicipality):
    """Imprint, privacy or accessibility statement, of the whole site or of a municipality."""

    class Kind(models.TextChoices):
        IMPRINT = "imprint", _("Imprint")
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility statement")

    class Language(models.TextChoices):
        DE = "de", _("German")
        EN = "en", _("English")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    municipality = models.ForeignKey(
        Municipality,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="legal_texts",
        db_index=False,  # the first column of a longer key, which finds the same
        verbose_name=_("municipality"),
        help_text=_("Empty: the text of the whole site."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.DE)
    body = models.TextField(_("text"), max_length=40_000)
    history = HistoricalRecords()
    objects: ClassVar[models.Manager] = LegalTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        ordering = ["municipality__name", "kind", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "language"],
                name="legal_text_once",
                violation_error_message=_("There is such a text already."),
            ),
            models.UniqueConstraint(
                fields=["kind", "language"],
                condition=Q(municipality=None),
                name="legal_text_of_the_site_once",
                violation_error_message=_("There is such a text already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["imprint", "privacy", "accessibility"]),
                name="legal_text_kind",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["de", "en"]), name="legal_text_language"
            ),
            models.CheckConstraint(
                condition=~Q(body=""),
                name="legal_text_has_words",
                violation_error_message=_("Please enter a text."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.whose} ({self.get_language_display()})"

    def save(self, *args, **kwargs):
        self.body = plain_gaps(self.body)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        if self.municipality_id is None:
            return reverse(self.kind)
        return reverse(f"workshops:municipality-{self.kind}", args=[self.municipality_id])

    @property
    def whose(self) -> str:
        return self.municipality.name if self.municipality else gettext("whole site")

    @property
    def gaps(self) -> list[str]:
        return gaps(self.body)


def has_presence() -> Exists:
    """Say of a workshop, within a query, whether anything of this is to be shown on its pages."""
    seats = WorkshopMunicipality.objects.filter(workshop=OuterRef("pk"))
    # Both in one subquery: a seat whose municipality has a look or a text.
    look = Look.objects.filter(municipality=OuterRef("municipality"))
    text = LegalText.objects.filter(municipality=OuterRef("municipality"))
    return Exists(seats.filter(Exists(look) | Exists(text)))
