import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workshops.models.municipality import Municipality
from workshops.models.presence import has_presence
from workshops.models.revision import TracksRevision, Versioned, WorkshopRevision
from workshops.phases import Activity, Phase, allows
from workshops.sites import SITES, check_sites

MIN_STEPS, MAX_STEPS, DEFAULT_STEPS = 3, 10, 5
MIN_GROUP, MAX_GROUP = 3, 20  # of both minimums; see ``Workshop.keeps_old_minimum``
MAX_GUESTS = 1000
SCALE_IS_FROZEN = _("The scale and its words are frozen, because this workshop has ratings.")
NUMBER_IS_FROZEN = _(
    "People are rating and have been told their number. It can change once the rating is closed."
)
TABLES_ARE_FROZEN = _(
    "The rating has begun. This can change once its results are shown or it is set aside."
)
BY_TABLE_OR_PER_PERSON = _(
    "Either each table rates its own measures, or each person gets a number of measures."
)
MINIMUM_IS_LARGE = _(
    "At most 20: a higher minimum would hide nearly every result, and once ballots are handed out"
    " it can never be lowered again."
)


class Criterion(models.TextChoices):
    RELEVANCE = "relevance", _("Relevance")
    FEASIBILITY = "feasibility", _("Feasibility")


class Workshop(Versioned):
    not_text = frozenset(
        {
            "phase",
            "is_public",
            "shows_assessment",
            "frame_hosts",
            "room_code",
            "is_door_open",
            "expected_guests",
            "takes_ideas",
            "reminds_administration",
            "reminds_responsible",
            "reminds_facilitators",
            "archived_at",
            "reduced_at",
        }
    )

    class Anonymity(models.TextChoices):
        ANONYMOUS = "anonymous", _("anonymous: no link between a person and a ballot")
        PSEUDONYMOUS = "pseudonymous", _("pseudonymous: a ballot can be found again after log-in")

    title = models.CharField(_("title"), max_length=200)
    date = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    hosts = models.CharField(_("hosts"), max_length=300, blank=True)
    introduction = models.TextField(_("introduction"), max_length=5000, blank=True)
    municipalities = models.ManyToManyField(
        Municipality,
        through="WorkshopMunicipality",
        related_name="workshops",
        verbose_name=_("municipalities"),
    )
    phase = models.CharField(
        _("phase"), max_length=20, choices=Phase, default=Phase.PREPARING, editable=False
    )
    is_public = models.BooleanField(_("public page"), default=False, editable=False)
    shows_assessment = models.BooleanField(
        _("the public page tells the assessment of the administration"),
        default=False,
        editable=False,
    )
    frame_hosts = models.TextField(
        _("sites that may show the matrix"),
        max_length=3000,
        blank=True,
        validators=[check_sites],
        help_text=_("One per line, at most 10, such as https://www.example.org."),
    )
    steps = models.PositiveSmallIntegerField(
        _("steps of the scale"),
        default=DEFAULT_STEPS,
        validators=[MinValueValidator(MIN_STEPS), MaxValueValidator(MAX_STEPS)],
        help_text=_("From 3 to 10. The scale is frozen once a rating exists."),
    )
    relevance_weight = models.PositiveSmallIntegerField(
        _("weight of relevance in percent"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("The rest is the weight of feasibility."),
    )
    relevance_threshold = models.DecimalField(
        _("threshold for high relevance"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty means the middle of the scale. A value on the line counts as high."),
    )
    feasibility_threshold = models.DecimalField(
        _("threshold for high feasibility"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty means the middle of the scale. A value on the line counts as high."),
    )
    name_start = models.CharField(_("name for: both high"), max_length=40, blank=True)
    name_prepare = models.CharField(
        _("name for: relevance high, feasibility low"), max_length=40, blank=True
    )
    name_optional = models.CharField(
        _("name for: relevance low, feasibility high"), max_length=40, blank=True
    )
    name_park = models.CharField(_("name for: both low"), max_length=40, blank=True)
    smallest_room = models.PositiveSmallIntegerField(
        _("smallest number of ratings shown"),
        default=MIN_GROUP,
        validators=[MinValueValidator(MIN_GROUP)],
        help_text=_("A measure with fewer ratings has no figures and no rank; from 3 to 20."),
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group shown"),
        default=5,
        validators=[MinValueValidator(MIN_GROUP)],
        help_text=_("Ratings of a group are only shown from this many ballots on; from 3 to 20."),
    )
    measures_per_person = models.PositiveSmallIntegerField(
        _("measures per person"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Empty means that everybody rates everything. Otherwise each person gets so many,"
            " those with the fewest ratings first."
        ),
    )
    is_rated_by_table = models.BooleanField(
        _("each table rates its own measures"),
        default=False,
        help_text=_(
            "People choose their table on the phone and rate the measures of its action fields."
            " There is then a ranking for each table and none across tables."
        ),
    )
    budget_once = models.DecimalField(
        _("budget once, in euro"),
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("What there is for all measures together. Empty means: not stated."),
    )
    budget_per_year = models.DecimalField(
        _("budget per year, in euro"),
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("What there is each year for what goes on. Empty means: not stated."),
    )
    shows_costs = models.BooleanField(
        _("the public page shows the costs"),
        default=False,
        help_text=_(
            "What each measure costs, and how much of it is the own share. The budget stays here."
        ),
    )
    # With it people come in without an account, as long as the door is open; see ``guests``.
    room_code = models.CharField(  # noqa: DJ001  # NULL where there is none: "" would collide
        _("room code"), max_length=6, unique=True, null=True, editable=False
    )
    is_door_open = models.BooleanField(_("people come in with the room code"), default=False)
    expected_guests = models.PositiveSmallIntegerField(
        _("people expected without an account"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_GUESTS)],
    )
    takes_ideas = models.BooleanField(_("phones may send ideas"), default=False)
    reminds_administration = models.BooleanField(_("the administration"), default=True)
    reminds_responsible = models.BooleanField(
        _("the responsible offices"),
        default=True,
        help_text=_("Each only of its own measures, with a link to report without an account."),
    )
    reminds_facilitators = models.BooleanField(_("the facilitators"), default=True)
    # A minimum above the limit from before there was one: people took ballots on its word.
    keeps_old_minimum = models.BooleanField(default=False, editable=False)
    anonymity = models.CharField(
        _("anonymity"), max_length=20, choices=Anonymity, default=Anonymity.ANONYMOUS
    )
    # Since when it is only read, and in no list; see ``workshops.archive``.
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    # Since when it is deleted but for what was published; see ``measures.again.reducing``.
    reduced_at = models.DateTimeField(
        _("deleted but for what was published"), null=True, editable=False
    )
    # Names the workshop in seals, also after it moved to another installation.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    history = HistoricalRecords(
        excluded_fields=["uuid", "keeps_old_minimum", "room_code", "reduced_at"]
    )

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="workshop_has_title",
                violation_error_message=_("Please enter a title."),
            ),
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="workshop_phase"),
            models.CheckConstraint(
                condition=Q(frame_hosts="") | Q(frame_hosts__regex=SITES),
                name="workshop_frame_hosts",
                violation_error_message=_("Please enter at most 10 sites, one per line."),
            ),
            models.CheckConstraint(
                condition=Q(steps__range=(MIN_STEPS, MAX_STEPS)),
                name="workshop_scale_3_to_10_steps",
                violation_error_message=_("The scale has 3 to 10 steps."),
            ),
            models.CheckConstraint(
                condition=Q(relevance_weight__lte=100),
                name="workshop_weight_in_percent",
                violation_error_message=_("The weight is a number from 0 to 100."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{threshold: None})
                    | Q(**{f"{threshold}__gte": 1, f"{threshold}__lte": F("steps")}),
                    name=f"workshop_{threshold}_on_scale",
                    violation_error_message=_("A threshold lies on the scale."),
                )
                for threshold in ("relevance_threshold", "feasibility_threshold")
            ),
            models.CheckConstraint(
                condition=Q(smallest_group__gte=MIN_GROUP),
                name="workshop_smallest_group_3",
                violation_error_message=_("The smallest group shown has at least 3 ballots."),
            ),
            models.CheckConstraint(
                condition=Q(smallest_room__gte=MIN_GROUP),
                name="workshop_smallest_room_3",
                violation_error_message=_("Results are shown from at least 3 ratings on."),
            ),
            models.CheckConstraint(
                condition=Q(measures_per_person=None) | Q(measures_per_person__gte=1),
                name="workshop_measures_per_person_1",
                violation_error_message=_("Each person rates at least one measure."),
            ),
            models.CheckConstraint(
                condition=Q(is_rated_by_table=False) | Q(measures_per_person=None),
                name="workshop_by_table_or_per_person",
                violation_error_message=BY_TABLE_OR_PER_PERSON,
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{budget: None}) | Q(**{f"{budget}__gte": 0}),
                    name=f"workshop_{budget}",
                    violation_error_message=_("A budget is not below zero."),
                )
                for budget in ("budget_once", "budget_per_year")
            ),
            # Else an open round could not be closed, and its ballots would keep their labels.
            models.CheckConstraint(
                condition=Q(archived_at=None) | (~Q(phase=Phase.RATING) & Q(is_door_open=False)),
                name="workshop_archived_is_quiet",
            ),
            models.CheckConstraint(
                condition=Q(reduced_at=None) | Q(archived_at__isnull=False),
                name="workshop_reduced_is_archived",
            ),
            models.CheckConstraint(
                condition=Q(is_door_open=False) | Q(room_code__isnull=False),
                name="workshop_open_door_has_code",
            ),
            models.CheckConstraint(
                condition=Q(expected_guests=None) | Q(expected_guests__range=(1, MAX_GUESTS)),
                name="workshop_expected_guests_1_to_1000",
                violation_error_message=_("Please enter a number from 1 to 1000."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{minimum}__lte": MAX_GROUP}) | Q(keeps_old_minimum=True),
                    name=f"workshop_{minimum}_20",
                    violation_error_message=MINIMUM_IS_LARGE,
                )
                for minimum in ("smallest_room", "smallest_group")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("measures:workshop-day", args=[self.pk])

    def get_workshop_id(self) -> int:
        return self.pk

    def save(self, *args, **kwargs):
        with transaction.atomic():
            is_new = self._state.adding
            super().save(*args, **kwargs)
            if is_new:
                WorkshopRevision.objects.create(workshop=self)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    def allows(self, activity: Activity) -> bool:
        if self.is_archived and activity != Activity.SEE_RESULTS:
            return False
        if activity == Activity.SEE_RESULTS and self.has_results:
            return True  # what was shown stays, also while a further round is open
        if activity == Activity.ASSESS and not self.has_results:
            return False  # told before, it would lead the room
        return allows(self.phase, activity)

    @cached_property
    def has_results(self) -> bool:
        """Say whether a round of rating was shown; ``visits_of`` brings the answer along."""
        return self.rounds.filter(state="shown").exists()

    @cached_property
    def has_presence(self) -> bool:
        """Say whether a municipality has a look or legal texts; visits bring the answer along."""
        return Workshop.objects.filter(has_presence(), pk=self.pk).exists()

    @cached_property
    def has_agenda(self) -> bool:
        """Say whether a session has something to decide on or has decided; an empty one is a draft.

        1 query, when it is asked for.
        """
        return self.sessions.used().exists()

    @property
    def has_budget(self) -> bool:
        return self.budget_once is not None or self.budget_per_year is not None

    @property
    def has_record(self) -> bool:
        """Say whether something exists that others rely on: shown results, an agenda, a decision.

        From then on roles and phases are bound, see ``workshops.roles``.
        """
        return self.has_results or self.has_agenda

    @cached_property
    def has_administration(self) -> bool:
        return self.memberships.filter(role="administration").exists()

    def forget_answers(self) -> None:
        """Ask anew what was asked before the own turn came (``line_up``)."""
        for name in ("has_results", "has_agenda", "has_administration"):
            self.__dict__.pop(name, None)

    def has_ratings(self) -> bool:
        """Say whether anything was rated: by ballot, on paper or as an agreed value."""
        by_hand = Q(paper_counts__isnull=False) | Q(group_values__isnull=False)
        return (
            self.ballots.filter(ratings__isnull=False).exists()
            or self.measures.filter(by_hand).exists()
        )

    def is_rated_now(self) -> bool:
        """Say whether somebody has rated in a round that is open. 1 query."""
        return self.rounds.filter(state="open", ratings__isnull=False).exists()

    def has_begun_a_round(self) -> bool:
        """Say whether a round is open, or could be opened again with its ratings. 1 query."""
        has_ratings = Q(state="closed", ratings__isnull=False)
        return self.rounds.filter(Q(state="open") | has_ratings).exists()

    def clean(self):
        """Check what is frozen, and that a threshold lies on the scale.

        A complaint goes to a field that was changed, for only that one is surely in the form.
        """
        super().clean()
        stored = None if self._state.adding else Workshop.objects.filter(pk=self.pk).first()
        changed = {
            name
            for name in (
                "steps",
                "anonymity",
                "relevance_threshold",
                "feasibility_threshold",
                "measures_per_person",
                "is_rated_by_table",
            )
            if stored is None or getattr(self, name) != getattr(stored, name)
        }
        errors = self._frozen(stored, changed) if stored else {}
        for name in ("smallest_room", "smallest_group"):
            value = getattr(self, name) or 0
            if value > MAX_GROUP and (stored is None or value != getattr(stored, name)):
                errors.setdefault(name, MINIMUM_IS_LARGE)
        for name in ("relevance_threshold", "feasibility_threshold"):
            place = name if name in changed else "steps"
            if place in changed and not self._is_on_scale(getattr(self, name)):
                errors.setdefault(place, _("A threshold lies on the scale."))
        if errors:
            raise ValidationError(errors)

    def _frozen(self, stored: "Workshop", changed: set[str]) -> dict:
        """What people relied on when they took a ballot or rated cannot change any more."""
        errors = {}
        if "steps" in changed and stored.has_ratings():
            errors["steps"] = SCALE_IS_FROZEN
        if "anonymity" in changed and stored.ballots.exists():
            errors["anonymity"] = _("Ballots are handed out, so this cannot change any more.")
        if "measures_per_person" in changed and stored.is_rated_now():
            errors["measures_per_person"] = NUMBER_IS_FROZEN
        if "is_rated_by_table" in changed and stored.has_begun_a_round():
            errors["is_rated_by_table"] = TABLES_ARE_FROZEN
        for name in ("smallest_room", "smallest_group"):
            if (getattr(self, name) or 0) < getattr(stored, name) and stored.ballots.exists():
                errors[name] = _("Ballots are handed out, so this can only be raised.")
        return errors

    def _is_on_scale(self, threshold) -> bool:
        try:
            return threshold is None or 1 <= threshold <= self.steps
        except TypeError:  # not even a number, which the field itself complains about
            return True


class ScaleStep(TracksRevision):
    """The words for one step of one criterion, e.g. relevance 5 = "very high"."""

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="scale_steps", db_index=False
    )
    criterion = models.CharField(_("criterion"), max_length=20, choices=Criterion)
    step = models.PositiveSmallIntegerField(_("step"))
    label = models.CharField(_("words"), max_length=60)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("step of the scale")
        verbose_name_plural = _("steps of the scale")
        ordering = ["-criterion", "step"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "criterion", "step"], name="scale_step_once"
            ),
            models.CheckConstraint(
                condition=Q(step__range=(1, MAX_STEPS)), name="scale_step_1_to_10"
            ),
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="scale_step_criterion"
            ),
            models.CheckConstraint(
                condition=~Q(label=""),
                name="scale_step_has_label",
                violation_error_message=_("Every step needs words."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} – {self.label}"

    def clean(self):
        """Refuse new and changed words once somebody has rated with the old ones."""
        super().clean()
        if self.workshop_id is None or not self.workshop.has_ratings():
            return
        told = ("workshop_id", "criterion", "step", "label")
        stored = ScaleStep.objects.filter(pk=self.pk).values_list(*told).first()
        if stored != tuple(getattr(self, name) for name in told):
            raise ValidationError(SCALE_IS_FROZEN)


class PhaseChange(models.Model):
    """The log of the facilitator's button: who moved the workshop when; never changed."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="phase_changes")
    before = models.CharField(_("from"), max_length=20, choices=Phase)
    after = models.CharField(_("to"), max_length=20, choices=Phase)
    by = models.ForeignKey("workshops.User", models.SET_NULL, null=True, verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of phase")
        verbose_name_plural = _("changes of phase")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__in=Phase.values, after__in=Phase.values)
                & ~Q(before=F("after")),
                name="phase_change_between_phases",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_before_display()} → {self.get_after_display()}"
