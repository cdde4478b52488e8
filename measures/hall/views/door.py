"""The door: who leads the workshop opens and closes it, and prints what leads through it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from measures.hall import cards
from measures.hall.door import renew_code, set_open
from measures.hall.forms import CardBackForm, CardsForm, ExpectForm
from measures.hall.joining import guests_of
from measures.hall.signs import sign_of
from measures.hall.strays import WouldTell, throw_away
from workshops.access import during, editor, in_turn, turn
from workshops.guests import new_ticket, word_of
from workshops.numerals import digits_only
from workshops.pages import one_of
from workshops.phases import Activity
from workshops.visits import Visit


@require_safe
@editor
@during(Activity.LET_IN)
def door(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the room code with its QR code, whether it lets people in, how many are in, the cards.

    How many are in is a number for the room. Nothing here has a time.
    """
    return _door_page(request, visit)


def _door_page(request: HttpRequest, visit: Visit, *, status: int = 200, **forms) -> HttpResponse:
    workshop = visit.workshop
    piles = cards.piles_of(workshop)
    context = {
        "workshop": workshop,
        "visit": visit,
        "sign": sign_of(request, workshop.room_code) if workshop.room_code else None,
        "guests": guests_of(workshop),
        "piles": piles,
        "counts": cards.counts_of(workshop, piles),
        "expect_form": ExpectForm(instance=workshop),
        "cards_form": CardsForm(workshop=workshop, initial={"ticket": new_ticket()}),
        "back_form": CardBackForm(),
        **forms,
    }
    return render(request, "measures/hall/door.html", context, status=status)


@require_POST
@editor
@during(Activity.LET_IN)
def door_switch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST opens or closes the door; who is in stays in."""
    is_open = one_of(request, "open", {"yes": True, "no": False})
    with turn(visit, Activity.LET_IN) as visit:
        set_open(visit.workshop, is_open=is_open)
    return redirect("measures:door", visit.workshop.pk)


@require_POST
@editor
@during(Activity.LET_IN)
def door_code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST makes another room code in place of the one that was ``seen``."""
    with turn(visit, Activity.LET_IN) as visit:
        if request.POST.get("seen") == visit.workshop.room_code:  # else a second click
            renew_code(visit.workshop)
    messages.success(request, _("The room has a new code. The one before lets nobody in any more."))
    return redirect("measures:door", visit.workshop.pk)


@require_POST
@editor
@during(Activity.LET_IN)
def door_clear(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST throws away the ballots of guests on which nothing was rated."""
    try:
        with turn(visit, Activity.LET_IN) as visit:
            throw_away(visit.workshop)
        messages.success(request, _("All ballots of guests without a rating are thrown away."))
    except WouldTell as refusal:
        messages.error(request, str(refusal))
    return redirect("measures:door", visit.workshop.pk)


@require_POST
@editor
@during(Activity.LET_IN)
def door_expect(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST stores how many people are expected; empty for not known."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.LET_IN)
        form = ExpectForm(request.POST, instance=visit.workshop)
        if form.is_valid():
            form.save()
            return redirect("measures:door", visit.workshop.pk)
    visit.workshop.refresh_from_db(fields=["expected_guests"])
    return _door_page(request, visit, expect_form=form, status=422)


@require_safe
@editor
@during(Activity.LET_IN)
def door_poster(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: a poster and four cards for tables, to print; without a code there is nothing on it."""
    workshop = visit.workshop
    if not workshop.room_code:
        return redirect("measures:door", workshop.pk)
    context = {
        "workshop": workshop,
        "visit": visit,
        "sign": sign_of(request, workshop.room_code),
        "tables": range(4),
    }
    return render(request, "measures/hall/door_poster.html", context)


@require_POST
@editor
@during(Activity.LET_IN)
@never_cache
def card_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST makes personal cards and shows them, this once."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.LET_IN)
        form = CardsForm(request.POST, workshop=visit.workshop)
        if not form.is_valid():
            return _door_page(request, visit, cards_form=form, status=422)
        word = word_of(form.cleaned_data["ticket"]) or new_ticket()
        try:
            made = cards.make(visit.workshop, form.wanted, word)
        except cards.NoRoom as full:
            told = _("There is room for %(left)d more cards.") % {"left": full.left}
            form.add_error(None, told)
            return _door_page(request, visit, cards_form=form, status=422)
        except cards.ShownBefore:
            messages.error(request, _shown_before())
            return redirect("measures:door", visit.workshop.pk)
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "cards": [(card.group, sign_of(request, card.code)) for card in made],
    }
    return render(request, "measures/hall/card_sheet.html", context)


@require_POST
@editor
@during(Activity.LET_IN)
def card_withdraw(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST takes back cards that nobody has used: all of a ``group``, or the one of a ``code``."""
    if "code" in request.POST:
        return _withdraw_one(request, visit)
    with turn(visit, Activity.LET_IN) as visit:
        raw = request.POST.get("group", "")
        groups = visit.workshop.groups
        cards.take_back(
            visit.workshop, get_object_or_404(groups, pk=digits_only(raw)) if raw else None
        )
    messages.success(request, _("The cards that were not used are good for nothing any more."))
    return redirect("measures:door", visit.workshop.pk)


def _withdraw_one(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = CardBackForm(request.POST)
    with turn(visit, Activity.LET_IN) as visit:
        if form.is_valid():
            try:
                cards.take_back_one(visit.workshop, form.cleaned_data["code"])
            except cards.NoSuchCard as reason:
                form.add_error("code", str(reason))
    if form.errors:
        return _door_page(request, visit, back_form=form, status=422)
    messages.success(request, _("This card is good for nothing any more."))
    return redirect("measures:door", visit.workshop.pk)


def _shown_before() -> str:
    return _(
        "These cards were made a while ago and are shown only once. Take back those of them that"
        " were not used, and make new ones."
    )
