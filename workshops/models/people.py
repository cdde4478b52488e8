import secrets
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workshops.models.names import NameField, refuse_twin
from workshops.models.revision import TracksRevision
from workshops.models.workshop import Workshop

NAME_TAKEN = _("There is a group of this name already.")


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an account; without a password nobody can sign in until one is set by mail."""
        user = self.unsaved_user(email, password, **fields)
        user.save(using=self._db)
        return user

    def unsaved_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Return the account that ``create_user`` would create, to be stored with others."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractUser):
    """An account, known by its e-mail address."""

    # Django's own way to do without a column; its stubs do not know it.
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("There is an account with this e-mail address already.")},
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    # The stubs know no other manager than the one that asks for a username.
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_in_any_case",
                violation_error_message=_("There is an account with this e-mail address already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Role(models.TextChoices):
    FACILITATOR = "facilitator", _("Facilitator")
    COMMITTEE = "committee", _("Committee")
    ADMINISTRATION = "administration", _("Administration")


class Membership(models.Model):
    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="memberships", db_index=False
    )
    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["role", "user__email"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "user", "role"],
                name="membership_once",
                violation_error_message=_("This person has this role already."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self) -> str:
        try:
            who = str(self.user)
        except User.DoesNotExist:  # the history keeps the number of an account that is deleted
            who = str(_("deleted account"))
        return f"{who} – {self.get_role_display()}"


class ParticipantGroup(TracksRevision):
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="groups", db_index=False)
    name = NameField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                "workshop",
                Lower("name"),
                name="group_name_once",
                violation_error_message=NAME_TAKEN,
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="group_has_name",
                violation_error_message=_("Please enter a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        """Refuse a name that reads like another group's."""
        refuse_twin(self, ParticipantGroup.objects.filter(workshop=self.workshop_id), NAME_TAKEN)


def random_id() -> int:
    """Return a positive number of 63 bits that tells nothing.

    Two that are the same are refused by the table: a row with a default key is inserted, never
    written over another.
    """
    return secrets.randbelow(2**63 - 1) + 1


class Ballot(models.Model):
    """What a rating belongs to: a random id with a group and a source, no name, no time.

    Who may fill it in holds a secret in the own browser's cookie; only its hash is stored here.
    When a rating ends, group and source stay only where enough ballots share them.
    """

    class Source(models.TextChoices):
        ACCOUNT = "account", _("own device, signed in")
        GUEST = "guest", _("own device, without an account")
        PAPER = "paper", _("on paper, typed in")
        IMPORT = "import", _("imported")
        UNTOLD = "untold", _("not told, because too few share it")

    # Never "paper", however few share that: whoever typed in a sheet knows it, so it hides nobody.
    ENTERED_BY_PEOPLE = (Source.ACCOUNT, Source.GUEST, Source.IMPORT, Source.UNTOLD)

    # A number, not a UUID: every rating holds it, in its row and in two indexes.
    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="ballots")
    group = models.ForeignKey(
        ParticipantGroup, models.PROTECT, null=True, blank=True, related_name="ballots"
    )
    source = models.CharField(_("source"), max_length=20, choices=Source)
    # Where each table rates its own measures: the one chosen, forgotten when the rating ends.
    table = models.ForeignKey(
        "Table", models.SET_NULL, null=True, related_name="+", editable=False, db_index=False
    )
    # NULL where there is no secret: empty strings would collide.
    secret_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    # Of the code that moves a guest's ballot to another device, once.
    recovery_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        ordering = ["id"]  # random, so the order tells nothing about who came first
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["account", "guest", "paper", "import", "untold"]),
                name="ballot_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.id:016x}"[:8]


class JoinCode(models.Model):
    """A personal code on a card: whoever types it in first gets one ballot.

    It knows neither the ballot nor when it was used. Of the code itself only a keyed hash is
    stored, so a card is printed once.
    """

    class State(models.TextChoices):
        UNUSED = "unused", _("not used yet")
        USED = "used", _("used")
        REVOKED = "revoked", _("withdrawn")

    # Random like the ballots', so that no order leads from one to the other.
    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="join_codes")
    group = models.ForeignKey(
        ParticipantGroup, models.PROTECT, null=True, blank=True, related_name="join_codes"
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UNUSED)

    class Meta:
        verbose_name = _("personal code")
        verbose_name_plural = _("personal codes")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["unused", "used", "revoked"]), name="join_code_state"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())


class Participant(models.Model):
    """Who takes part; ``has_ballot`` says that one was handed out, not which."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    group = models.ForeignKey(
        ParticipantGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participants",
        verbose_name=_("group"),
    )
    has_ballot = models.BooleanField(_("has a ballot"), default=False, editable=False)
    # Filled only where the workshop chose the pseudonymous mode, see Workshop.anonymity.
    ballot = models.OneToOneField(Ballot, models.SET_NULL, null=True, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "user"],
                condition=Q(user__isnull=False),
                name="participant_account_once",
                violation_error_message=_("This person takes part already."),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name=""),
                name="participant_has_account_or_name",
                violation_error_message=_("A participant has an account or a name."),
            ),
            models.CheckConstraint(
                condition=Q(ballot=None) | Q(has_ballot=True), name="participant_ballot_handed_out"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.user)
