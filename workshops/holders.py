"""Who has which role in a workshop, and what a visitor may do about it; by ``workshops.roles``."""

from collections import Counter
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from workshops import roles
from workshops.collation import sort_key
from workshops.models import Membership, Role
from workshops.visits import Visit


class Holder(NamedTuple):
    """Who has a role, and what this visitor may do about it now."""

    membership: Membership
    is_removable: bool
    offers: list[Role]  # what the role can be changed to


def holders_of(visit: Visit) -> list[Holder]:
    """Return who has which role. At most 3 queries."""
    workshop = visit.workshop
    rows = sorted(workshop.memberships.select_related("user"), key=_by_role_and_name)
    given = roles.given(visit) if visit.may_set_up else frozenset[Role]()
    holders = Counter(row.role for row in rows)
    held = {(row.user_id, row.role) for row in rows}

    def holder(row: Membership) -> Holder:
        stays = roles.must_stay(workshop, row.role, holders=holders[row.role])
        is_removable = row.role in given and not stays
        may_change = is_removable and not roles.is_oneself(visit.person, row.user.email, row.user)
        others = [each for each in Role if each in given and (row.user_id, each) not in held]
        return Holder(row, is_removable, others if may_change else [])

    return [holder(row) for row in rows]


def _by_role_and_name(membership: Membership) -> tuple:
    return Role.values.index(membership.role), sort_key(str(membership.user)), membership.pk


def why_not_changed(visit: Visit, membership: Membership, to: Role) -> str:
    """Say why a role is not changed, "" where it may be; PermissionDenied for others' roles."""
    if reason := why_not_taken(visit, membership):
        return reason
    if roles.is_oneself(visit.person, membership.user.email, membership.user):
        return roles.not_oneself()
    if to not in roles.given(visit):
        raise PermissionDenied(roles.who_names(to))
    if visit.workshop.memberships.filter(user=membership.user, role=to).exists():
        return _("This person has this role already.")
    return ""


def why_not_taken(visit: Visit, membership: Membership) -> str:
    """Say why a role stays, "" where it may be taken; PermissionDenied for others' roles."""
    role = Role(membership.role)
    if role not in roles.given(visit):
        raise PermissionDenied(roles.who_names(role))
    holders = visit.workshop.memberships.filter(role=role).count()
    return roles.must_stay(visit.workshop, role, holders=holders)
