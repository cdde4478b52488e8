"""Who names whom, and who may lead a workshop back: the only place that says so.

Committee and administration see and write what is not published yet. As long as nothing exists that
others rely on (``Workshop.has_record``) the facilitator gathers the people; from then on only the
administration of the workshop names and removes them, or a facilitator could step back, join the
committee and change a decision. Nobody gives a role to oneself. Being a participant is no role.

Functions that take a ``visit`` answer for its visitor; those named ``site_…`` answer for Django's
admin. Whoever acts upon an answer lines up first (``access.in_turn``, ``line_up``), for a record
may come into being at any moment.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workshops.collation import sort_key
from workshops.models import Role, User, Workshop
from workshops.phases import Activity, Phase
from workshops.visits import Visit

BOUND = frozenset({Role.COMMITTEE, Role.ADMINISTRATION})


def given(visit: Visit) -> frozenset[Role]:
    """Return the roles that this person gives to others and takes from them. At most 2 queries."""
    gives = set(BOUND) if visit.is_administration else set()
    if visit.is_facilitator:
        gives.add(Role.FACILITATOR)
        if not visit.workshop.has_record:
            gives |= _before_a_record(visit.workshop)
    return frozenset(gives)


def _before_a_record(workshop: Workshop) -> set[Role]:
    """Return which bound roles a facilitator gives while nothing is decided upon yet."""
    if not workshop.has_administration:
        return set(BOUND)
    return set() if workshop.allows(Activity.DECIDE) else {Role.COMMITTEE}


def is_oneself(by: User | None, email: str, account: User | None) -> bool:
    """Say whether an address is one's own, by Python's or by the database's idea of capitals."""
    return by is not None and (account == by or email.casefold() == by.email.casefold())


def must_stay(workshop: Workshop, role: str, *, holders: int) -> str:
    """Say why a role stays with the last of its ``holders``, "" where it may be taken."""
    if holders > 1:
        return ""
    if role == Role.FACILITATOR:
        return _("A workshop needs at least one facilitator.")
    if role == Role.ADMINISTRATION and workshop.has_record:
        return _("A workshop with shown results or a session needs an administration.")
    return ""


def may_go_back(visit: Visit) -> bool:
    """Say whether this person may move the workshop to an earlier phase. At most 1 query."""
    return visit.is_administration or (visit.is_facilitator and not visit.workshop.has_record)


def may_open_further(visit: Visit) -> bool:
    """Say whether this person may open a further round: a committee's basis is not theirs to move.

    At most 1 query.
    """
    return visit.is_administration or (visit.is_facilitator and not visit.workshop.has_agenda)


# In Django's admin -------------------------------------------------------------------------------


def site_gives(workshop: Workshop, role: str) -> bool:
    """Say whether a role is given there: with a record, only what makes the first administration.

    At most 3 queries.
    """
    if role not in BOUND or not workshop.has_record:
        return True
    return role == Role.ADMINISTRATION and not workshop.has_administration


def site_takes(workshop: Workshop, role: str) -> bool:
    """Say whether a role is taken or changed there; an account can be deleted all the same."""
    return role not in BOUND or not workshop.has_record


# In words ----------------------------------------------------------------------------------------


def who_names(role: str) -> str:
    if role == Role.FACILITATOR:
        return _("Only a facilitator names and removes facilitators.")
    return _("Only the administration of this workshop names and removes this role.")


def who_goes_back(workshop: Workshop) -> str:
    """Say it with names. 1 query, as the next two."""
    text = _(
        "There are shown results or a session with an agenda, so only the administration of this"
        " workshop leads it back to an earlier phase."
    )
    return f"{text} {_who_can(workshop, Role.ADMINISTRATION)}"


def who_opens_further(workshop: Workshop) -> str:
    text = _(
        "A session has an agenda, so only the administration of this workshop opens a further round"
        " of rating."
    )
    return f"{text} {_who_can(workshop, Role.ADMINISTRATION)}"


def who_settles(workshop: Workshop) -> str:
    text = _("Only a facilitator shows the results of a round or sets it aside.")
    return f"{text} {_who_can(workshop, Role.FACILITATOR)}"


def _who_can(workshop: Workshop, role: Role) -> str:
    rows = workshop.memberships.filter(role=role).select_related("user")
    names = ", ".join(sorted((str(row.user) for row in rows), key=sort_key))
    if role == Role.FACILITATOR:
        return _("The facilitator can do that: %(names)s.") % {"names": names}
    if names:
        return _("The administration can do that: %(names)s.") % {"names": names}
    return _(
        "There is none yet. Only the site's administration (Django admin) can name the first one."
    )


def not_here() -> str:
    return _(
        "There are shown results or a session with an agenda, so the administration of the workshop"
        " names and removes committee and administration. Here only the first administration is"
        " named where there is none."
    )


def not_oneself() -> str:
    return " ".join([_("You cannot give a role to yourself."), _("Please ask the administration.")])


def who_names_whom(workshop: Workshop) -> list[str]:
    """Say in sentences who gives and takes which role as things are now. At most 2 queries."""
    first, *rest = _who_names_the_bound(workshop)
    oneself = _("You cannot give a role to yourself.")
    return [first, who_names(Role.FACILITATOR), *rest, oneself]


def _who_names_the_bound(workshop: Workshop) -> list[str]:
    """Say it of committee and administration, first now and then what will change."""
    if not workshop.has_administration:
        is_late = workshop.has_record
        now = [] if is_late else [_("Facilitators name committee and administration.")]
        return [*now, str(_TOO_LATE if is_late else _SOON_TOO_LATE)]
    if workshop.has_record or workshop.allows(Activity.DECIDE):
        return [_("Only the administration names and removes committee and administration.")]
    return [
        _("Facilitators name the committee, the administration names both."),
        _("From the deliberation on only the administration names the committee."),
    ]


def missing_administration(visit: Visit) -> str:
    """Say what comes of there being none, "" where there is one or time enough.

    At most 2 queries.
    """
    workshop = visit.workshop
    if visit.is_administration or workshop.has_administration:
        return ""
    if workshop.has_record:
        return str(_TOO_LATE)
    is_time = workshop.phase in (Phase.COLLECTING, Phase.RATING, Phase.DELIBERATING)
    return str(_SOON_TOO_LATE) if is_time else ""


_SOON_TOO_LATE = gettext_lazy(
    "Once results are shown or a session has an agenda, only the site's administration (Django"
    " admin) can name the first administration."
)
_TOO_LATE = gettext_lazy(
    "There are shown results or a session with an agenda, but no administration. Only the site's"
    " administration (Django admin) can name the first one, which then names all others and the"
    " committee."
)
