"""What phones show while nobody rates: that it starts soon, thanks, and where the results are."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from measures.models import Round
from measures.rating.ballots import find_ballot
from measures.rating.dealing import due_now
from measures.rating.rounds import open_round_of
from workshops.audiences import Audience, listening
from workshops.guests import has_group_cards
from workshops.models import Ballot
from workshops.numerals import digits_only
from workshops.phases import Phase
from workshops.visits import Visit

BEFORE = (Phase.PREPARING, Phase.COLLECTING)
LARGEST_NUMBER = 10_000


def outside(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Draw where people wait, or are thanked; lead to the results where there are some to see."""
    workshop = visit.workshop
    last = workshop.rounds.last()
    is_before = last is None or workshop.phase in BEFORE
    is_settled = last is not None and last.state not in Round.UNSETTLED
    if is_settled and workshop.has_results and not is_before:
        return redirect("measures:phone-results", workshop.pk)
    ballot = find_ballot(request, visit)
    draw = _waiting if is_before else _thanks
    return draw(request, visit, last, ballot)


def _waiting(
    request: HttpRequest, visit: Visit, last: Round | None, ballot: Ballot | None
) -> HttpResponse:
    has_rated = _count(ballot, last) > 0
    context = _shown(visit) | {
        "is_collecting": visit.workshop.phase == Phase.COLLECTING,
        "group": ballot.group if ballot and visit.guest else None,
        "has_rated": has_rated,
        "may_choose_group": not has_rated and not has_group_cards(visit.workshop),
    }
    return render(request, "measures/rating/rate_wait.html", context)


def _thanks(
    request: HttpRequest, visit: Visit, last: Round | None, ballot: Ballot | None
) -> HttpResponse:
    """Say how much is stored, and of an answer in the grace that it is among it."""
    sent = request.GET.get("taken", "")
    taken = None
    if ballot and last and (number := digits_only(sent, below=LARGEST_NUMBER)):
        taken = ballot.ratings.filter(round=last, measure__number=number).exists() and number
    offered = last.rateable().count() if last and not last.is_by_table else 0
    context = _shown(visit) | {
        "round": last,
        "has_ballot": ballot is not None,
        "rated": _count(ballot, last),
        "offered": due_now(visit.workshop.measures_per_person, offered, offered),
        "taken": taken,
        "may_reopen": visit.workshop.rounds.unsettled().exists(),
    }
    return render(request, "measures/rating/rate_closed.html", context)


def too_late(request: HttpRequest, visit: Visit, refusal: PermissionDenied) -> HttpResponse:
    """Say of an answer that came too late that it is not stored, and what is (403)."""
    round = open_round_of(visit.workshop)
    ballot = find_ballot(request, visit)
    context = _shown(visit) | {
        "is_lost": True,
        "has_ballot": ballot is not None,
        "may_reopen": visit.workshop.rounds.unsettled().exists(),
        "goes_on": round is not None and not round.is_up(timezone.now()),
        "refusal": refusal,
    }
    return render(request, "measures/rating/rate_closed.html", context, status=403)


def _count(ballot: Ballot | None, round: Round | None) -> int:
    if ballot is None or round is None:
        return 0
    return ballot.ratings.filter(round=round).count()


def _shown(visit: Visit) -> dict[str, object]:
    workshop = visit.workshop
    return {
        "workshop": workshop,
        "visit": visit,
        "listening": listening(workshop, Audience.PHONES),
    }
