"""Guests of the hall: who they are is a secret in their browser, and nothing else.

No name, no account, no address. The secret leads to a ballot; the database knows its hash alone.
Whoever has an account holds the secret of a ballot in the same way. Which of the two it is says the
cookie: the source of a ballot is lost where too few share it.
"""

import hashlib
import secrets
from collections import Counter

from django.core.signing import BadSignature, Signer
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from workshops.cookies import keep
from workshops.models import Ballot, Workshop

# Without what looks or sounds alike (B 8, G 6, I 1, O 0, S 5, U V, Z 2) and without vowels, so that
# no code is a word.
LETTERS = "CDFHJKLMNPQRTVWXY3479"
LENGTHS = ROOM_LENGTH, TABLE_LENGTH, PERSONAL_LENGTH, RECOVERY_LENGTH = 6, 8, 10, 12
PROJECTOR_LENGTH = 8  # opens the screen at the front, and no ballot
PROOF_LENGTH = 8
SPACING = {ROOM_LENGTH: 3, TABLE_LENGTH: 4, PERSONAL_LENGTH: 5, RECOVERY_LENGTH: 4}
COOKIE_AGE = 60 * 60 * 24 * 60  # seconds; a further round may follow weeks later


# What a guest's ballot says of where it came from; untold where too few share that.
GUESTS = (Ballot.Source.GUEST, Ballot.Source.UNTOLD)


# The secret -------------------------------------------------------------------------------------


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def new_ticket() -> str:
    """Return what a page carries that asks somebody in or makes cards: two taps are one."""
    return _tickets().sign(secrets.token_urlsafe(16))


def secret_for(ticket: str) -> str | None:
    """Return the secret that a ticket stands for, the same each time; None for no ticket of ours.

    So it never stands in a page. Neither of the two is stored.
    """
    word = word_of(ticket)
    return word and salted_hmac("workshops.guests.ticket", word, algorithm="sha256").hexdigest()


def word_of(ticket: str) -> str | None:
    """Return what is random in a ticket of ours, None for any other."""
    try:
        return _tickets().unsign(ticket)
    except BadSignature:
        return None


def hash_of(secret: str) -> str:
    """Return what is stored of a secret; it is random, so nobody can try out what it was."""
    return hashlib.sha256(secret.encode()).hexdigest()


def remember(
    response: HttpResponse,
    request: HttpRequest,
    workshop: Workshop,
    secret: str,
    *,
    door: str = "",
) -> HttpResponse:
    """Let this browser keep the secret, for the pages of this workshop alone.

    A guest's browser keeps it also for the addresses below ``door``, where codes lead: whoever
    scans again goes on with the same ballot. Without a door it is the secret of an account's.
    """
    name = cookie_name(request, workshop.pk)
    places = {name: f"/workshops/{workshop.pk}/"} | ({_at_door(name): door} if door else {})
    for each, path in places.items():
        signed = _signer(is_guest=bool(door)).sign(secret)
        keep(response, each, signed, path=path, max_age=COOKIE_AGE)
    return response


def secret_of(request: HttpRequest, workshop_id: int) -> str | None:
    """Return the secret that this browser holds for the person who is signed in, or for a guest."""
    value = _cookie(request, workshop_id)
    if request.user.is_authenticated and ":" not in value:
        return value or None  # of an account, from before secrets were signed
    return _unsigned(value, is_guest=True) or _unsigned(value, is_guest=False)


def guest_secret_of(request: HttpRequest, workshop_id: int) -> str | None:
    """Return the secret that this browser holds if whoever is here came in as a guest."""
    return _unsigned(_cookie(request, workshop_id), is_guest=True)


def _cookie(request: HttpRequest, workshop_id: int) -> str:
    name = cookie_name(request, workshop_id)
    return request.COOKIES.get(name) or request.COOKIES.get(_at_door(name), "")


def _unsigned(value: str, *, is_guest: bool) -> str | None:
    try:
        return _signer(is_guest=is_guest).unsign(value)
    except BadSignature:
        return None


def cookie_name(request: HttpRequest, workshop_id: int) -> str:
    """One cookie per workshop and account: at a shared laptop nobody gets another's ballot."""
    owner = salted_hmac("ballot", f"{workshop_id}-{request.user.pk}").hexdigest()[:12]
    return f"ballot_{owner}"


def _at_door(name: str) -> str:
    """Return the name of the same cookie where codes lead; two of one name would be one."""
    return f"door_{name}"


def has_secret(request: HttpRequest, workshop_id: int) -> bool:
    """Say whether this browser holds a secret, good or not, for whoever is here."""
    return cookie_name(request, workshop_id) in request.COOKIES


def _signer(*, is_guest: bool) -> Signer:
    return Signer(salt="ballot of a guest" if is_guest else "ballot")


def _tickets() -> Signer:
    return Signer(salt="ticket")


# The ballot -------------------------------------------------------------------------------------


def guest_at(request: HttpRequest, workshop_id: int) -> tuple[Workshop, str] | None:
    """Return the workshop of the guest at this browser with the hash of the secret. 1 query.

    The workshop brings its revision, and whether there are results. None, without a query, where
    this browser holds no secret; None for a secret that leads to no ballot of this workshop, and
    for an account's: whoever was taken off the list is a stranger.
    """
    secret = guest_secret_of(request, workshop_id)
    held = Ballot.objects.all()
    if secret is None:  # from before cookies said whose they are; then the ballot has to
        secret = secret_of(request, workshop_id)
        held = held.filter(source=Ballot.Source.GUEST)
    if secret is None:
        return None
    secret_hash = hash_of(secret)
    held = held.filter(secret_hash=secret_hash)
    rows = Workshop.objects.filter(pk=workshop_id, pk__in=held.values("workshop"))
    workshop = rows.select_related("revision").first()
    return (workshop, secret_hash) if workshop else None


def guests_by_group(workshop: Workshop) -> Counter[int | None]:
    """Count the ballots that guests hold by the group's id, None for no group. 2 queries.

    All that somebody holds, less one for each account that has one: so it holds also where sources
    are lost. Where a group is lost on ballots, that of its accounts is less than nobody, and only
    the total tells something.
    """
    held = workshop.ballots.filter(secret_hash__isnull=False)
    marked = workshop.participants.filter(user__isnull=False, has_ballot=True)
    guests: Counter[int | None] = Counter()
    for count, rows in ((guests.update, held), (guests.subtract, marked)):
        count(dict(rows.order_by().values_list("group").annotate(n=Count("pk"))))
    return guests


# Codes ------------------------------------------------------------------------------------------


def new_code(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(length))


def code_from(word: str, length: int) -> str:
    """Return the code that follows from a word, the same each time; nobody else can tell it."""
    digest = salted_hmac("workshops.guests.code_from", word, algorithm="sha256").digest()
    number, letters = int.from_bytes(digest), ""
    while len(letters) < length:
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return letters


def read_code(text: str) -> str:
    """Return a code as it is kept, however it was typed: small letters, spaces and hyphens."""
    return "".join(letter for letter in text.upper() if letter in LETTERS)


def code_in(text: str) -> str:
    """Return the code of what stands in an address: as it was typed, or as a QR code carries it."""
    return read_code(text.partition(".")[0])


def has_group_cards(workshop: Workshop) -> bool:
    """Say whether cards were made for groups: then a card says which, and nobody chooses. 1 query.

    No ballot knows whether it came by a card.
    """
    return workshop.join_codes.filter(group__isnull=False).exists()


def code_hash(code: str) -> str:
    """Return what is stored of a personal code or of one that moves a ballot.

    Keyed, because such a code is short enough that whoever has the table could try all of them.
    """
    return salted_hmac("workshops.guests.code", code, algorithm="sha256").hexdigest()


def spaced(code: str) -> str:
    """Return a code as people read it: "K7M 4XP", "CDFHJ KLMNP", "R4F7 TN3K WXYC"."""
    size = SPACING.get(len(code), len(code) or 1)
    return " ".join(code[at : at + size] for at in range(0, len(code), size))


def with_proof(code: str) -> str:
    """Return what the address of a QR code carries: the code, and that it comes from us."""
    return f"{code}.{_proof(code)}"


def is_proven(text: str) -> bool:
    """Say whether this is what a QR code of ours carries; nobody makes that up. No query.

    One of 21 ** 8 = 38 thousand million proofs fits a code. A thousand tries a second need a year
    to find it, and whoever knows the code already has no use for it.
    """
    code, _dot, proof = text.partition(".")
    return constant_time_compare(proof, _proof(code))


def _proof(code: str) -> str:
    return code_from(f"proof {code}", PROOF_LENGTH)
