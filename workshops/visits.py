"""Who is here: a workshop's visitor as one value, and the one place that finds it out."""

from dataclasses import dataclass, replace

from django.contrib.auth import SESSION_KEY
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from workshops.auth_backend import at_hand
from workshops.guests import guest_at, guest_secret_of
from workshops.models import Membership, Participant, Role, Table, User, Workshop
from workshops.phases import Activity, Phase
from workshops.rights import Rights, rights_of
from workshops.tables import table_anew, table_at


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody in a workshop: who it is, with which roles, and what the phase lets them do.

    Views and templates ask this value what its visitor may; a workshop answers for itself alone.
    So whoever else comes one day is found out here, and no view changes: a guest of the hall takes
    part and is no ``person``, a table of the hall types and is none either, a token has roles and
    no ``person``, and who administers a municipality is a person whose roles come from there; their
    lists in the admin are those of ``workshops_of``, too.
    """

    workshop: Workshop
    person: User | None
    roles: frozenset[Role]
    participant_id: int | None
    guest: str | None = None  # the hash of the secret with which somebody came in as a guest
    table: Table | None = None  # of the hall, where nobody with rights is signed in

    def owner(self) -> str:
        """Return by whom browsers know what is not sent yet: an account, a table, or nobody."""
        if self.person:
            return str(self.person.pk)
        return f"table-{self.table.pk}" if self.table else ""

    def allows(self, activity: Activity) -> bool:
        """Say whether the workshop is in a phase for it, whoever asks."""
        return self.workshop.allows(activity)

    @property
    def is_facilitator(self) -> bool:
        return Role.FACILITATOR in self.roles

    @property
    def is_committee(self) -> bool:
        return Role.COMMITTEE in self.roles

    @property
    def is_administration(self) -> bool:
        return Role.ADMINISTRATION in self.roles

    @property
    def is_guest(self) -> bool:
        """Say whether this is somebody of the hall who is here by no account."""
        return self.guest is not None and self.person is None

    @property
    def is_table(self) -> bool:
        return self.table is not None

    @property
    def is_participant(self) -> bool:
        return self.participant_id is not None or self.guest is not None

    @property
    def is_editor(self) -> bool:
        return self.is_facilitator or self.is_administration

    @property
    def is_scribe(self) -> bool:
        """Say whether this visitor types on the boards; a table on those of its fields alone."""
        return self.is_editor or self.is_table

    @property
    def is_decider(self) -> bool:
        """Say whether this visitor knows of what is not published yet."""
        return self.is_committee or self.is_administration

    @property
    def shows_results(self) -> bool:
        return self.allows(Activity.SEE_RESULTS)

    @property
    def may_rate(self) -> bool:
        return self.is_participant and self.allows(Activity.RATE)

    @property
    def may_enter(self) -> bool:
        return self.is_facilitator and self.allows(Activity.ENTER_RATINGS)

    @property
    def may_print_sheets(self) -> bool:
        return self.is_facilitator and self.allows(Activity.PRINT_SHEETS)

    @property
    def may_set_up(self) -> bool:
        return self.is_editor and self.allows(Activity.SET_UP)

    @property
    def may_let_in(self) -> bool:
        return self.is_editor and self.allows(Activity.LET_IN)

    @property
    def may_capture(self) -> bool:
        return self.is_scribe and self.allows(Activity.CAPTURE)

    @property
    def may_send_ideas(self) -> bool:
        return (
            self.is_participant and self.workshop.takes_ideas and self.allows(Activity.SEND_IDEAS)
        )

    @property
    def may_describe(self) -> bool:
        return self.is_editor and self.allows(Activity.DESCRIBE)

    @property
    def may_attach(self) -> bool:
        """Say whether this visitor adds and removes files; once all is closed, who keeps order."""
        return self.is_administration or (self.is_editor and self.workshop.phase != Phase.CLOSED)

    @property
    def may_assess(self) -> bool:
        return self.is_administration and self.allows(Activity.ASSESS)

    @property
    def may_estimate(self) -> bool:
        return self.is_editor and self.allows(Activity.ESTIMATE)

    @property
    def may_decide(self) -> bool:
        return self.is_decider and self.allows(Activity.DECIDE)

    @property
    def may_convene(self) -> bool:
        return self.is_administration and self.allows(Activity.DECIDE)

    @property
    def may_report(self) -> bool:
        return self.is_editor and self.allows(Activity.FOLLOW_UP)


def visit_of(request: HttpRequest, workshop_id: int) -> Visit | None:
    """Return the visit of whoever sent the request, None for a stranger.

    1 query, and with it ``request.user`` is known; none where nobody is signed in and no secret of
    a guest is there. One browser can be a guest and a table. Whoever came in as a guest with an
    account that got a role or a place on the list since keeps that ballot; 1 query more.
    """
    account = request.session.get(SESSION_KEY)
    if account and (found := rights_of(int(account), workshop_id)):
        with at_hand(found.person):
            # Whether the session is still good for this account is Django's to say.
            is_signed_in = request.user == found.person
        if is_signed_in and (visit := _visit(found)):
            came_in = guest_secret_of(request, workshop_id) and guest_at(request, workshop_id)
            return replace(visit, guest=came_in[1]) if came_in else visit
    found_guest = guest_at(request, workshop_id)
    if table := table_at(request, workshop_id):
        secret_hash = found_guest[1] if found_guest else None
        return Visit(table.workshop, None, frozenset(), None, guest=secret_hash, table=table)
    return Visit(found_guest[0], None, frozenset(), None, found_guest[1]) if found_guest else None


def visit_anew(visit: Visit) -> Visit | None:
    """Return the visit as it is by now, None for who has become a stranger. 1 query."""
    if visit.table:
        table = table_anew(visit.table)
        return replace(visit, workshop=table.workshop, table=table) if table else None
    found = visit.person and rights_of(visit.person.pk, visit.workshop.pk)
    fresh = _visit(found) if found else None
    return replace(fresh, guest=visit.guest) if fresh else None


def _visit(found: Rights) -> Visit | None:
    person, workshop, roles, participant_id = found
    is_stranger = not roles and participant_id is None
    return None if is_stranger else Visit(workshop, person, roles, participant_id)


def workshops_of(person: User) -> QuerySet[Workshop]:
    """Return the workshops that an account may see.

    By their ids: asked of each workshop whether there is one or the other, a database would look at
    all of them.
    """
    roles = Membership.objects.filter(user=person).order_by().values("workshop")
    parts = Participant.objects.filter(user=person).order_by().values("workshop")
    return Workshop.objects.filter(pk__in=roles.union(parts))


def visits_of(person: User, workshops: QuerySet[Workshop]) -> list[Visit]:
    """Return the visit of each workshop, in the order of ``workshops``. 1 query.

    It brings what nearly every page asks: the revision, and whether there are results.
    """
    roles = Membership.objects.filter(workshop=OuterRef("pk"), user=person)
    parts = Participant.objects.filter(workshop=OuterRef("pk"), user=person)
    shown = Workshop.objects.filter(pk=OuterRef("pk"), rounds__state="shown")
    found = workshops.select_related("revision").annotate(
        **{f"as_{role.value}": Exists(roles.filter(role=role)) for role in Role},
        as_participant=Subquery(parts.values("pk")[:1]),
        has_shown=Exists(shown.values("pk")),
    )
    return [_told(workshop, person) for workshop in found]


def _told(workshop: Workshop, person: User) -> Visit:
    """Take what the query says of the person off the workshop, where nobody is to ask for it."""
    said = vars(workshop)
    said["has_results"] = said.pop("has_shown")
    roles = frozenset(role for role in Role if said.pop(f"as_{role.value}"))
    return Visit(workshop, person, roles, participant_id=said.pop("as_participant"))
