from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fields.models import ActionField
from measures.models.measure import Measure
from workshops.audiences import Audience, call
from workshops.models import Workshop

NOTES_LENGTH = 5000
LONGEST_SLOT = 600  # minutes
MOST_SLOTS = 40
LONGEST_TIMER = 240  # minutes


class Screen(models.TextChoices):
    """What the projector shows where somebody chose it; without a choice it follows the day."""

    JOIN = "join", _("Take part")
    COLLECT = "collect", _("Collection")
    RATE = "rate", _("Rating")
    RESULT = "result", _("Matrix")
    TEN = "ten", _("First ten")
    PART = "part", _("Opinions")
    MEASURE = "measure", _("One measure")
    DARK = "dark", _("Blank")


class Front(models.Model):
    """What stands at the front of the hall: the projector, the timer, and the leader's notes.

    ``code`` opens the projector on a machine where nobody is signed in. It is stored as it is: it
    shows nothing that this table's reader could not read beside it. ``screen`` holds for ``state``,
    an opaque text for where the day was when it was chosen, and not beyond. ``field`` and
    ``measure`` are what the screens of one field and of one measure show. The timer runs until
    ``ends_at``, or stands with so many seconds ``left``.
    """

    class Theme(models.TextChoices):
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    workshop = models.OneToOneField(
        Workshop, models.CASCADE, primary_key=True, related_name="front"
    )
    code = models.CharField(max_length=8, unique=True, null=True, editable=False)  # noqa: DJ001  # NULL where there is none: "" would collide
    screen = models.CharField(_("screen"), max_length=10, choices=Screen, blank=True)
    state = models.CharField(max_length=40, blank=True, editable=False)
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, blank=True)
    field = models.ForeignKey(ActionField, models.SET_NULL, null=True, related_name="+")
    measure = models.ForeignKey(Measure, models.SET_NULL, null=True, related_name="+")
    ends_at = models.DateTimeField(null=True)
    left = models.PositiveIntegerField(null=True)
    notes = models.TextField(_("notes"), max_length=NOTES_LENGTH, blank=True)

    class Meta:
        verbose_name = _("front of the hall")
        verbose_name_plural = _("fronts of the halls")
        constraints = [
            models.CheckConstraint(
                condition=Q(screen="") | Q(screen__in=Screen.values), name="front_screen"
            ),
            models.CheckConstraint(
                condition=Q(theme__in=["", "light", "dark"]), name="front_theme"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(left=None), name="front_timer_runs_or_stands"
            ),
        ]

    def __str__(self) -> str:
        return str(self.workshop)

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            call(self.workshop_id, Audience.FRONT)


class Slot(models.Model):
    """A line of the day's plan: from when, how long, what."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="slots")
    start = models.TimeField(_("from"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_SLOT)]
    )
    text = models.CharField(_("what"), max_length=120)

    class Meta:
        verbose_name = _("line of the day's plan")
        verbose_name_plural = _("lines of the day's plan")
        ordering = ["start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(1, LONGEST_SLOT)),
                name="slot_1_to_600_minutes",
                violation_error_message=_("Please enter a number from 1 to 600."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="slot_has_text",
                violation_error_message=_("Please say what happens then."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
