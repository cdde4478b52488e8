"""An idea on its way from a phone: a line and a field, and nothing that leads back to the phone."""

from django.core.cache import caches
from django.utils.crypto import salted_hmac

from measures.board.ideas import MOST_WAITING
from measures.models import Idea
from workshops.models import random_id
from workshops.visits import Visit

MOST = 20  # ideas of one phone
WITHIN = 600  # seconds


def may_send(visit: Visit) -> bool:
    """Count an idea of whoever is here; say no after many in a short time.

    By a keyed hash that lives in the memory of this process until it expires. In a table it would
    stand beside the idea that was written at the same moment.
    """
    who = visit.guest or f"participant-{visit.participant_id}"
    digest = salted_hmac("measures.hall.ideas", f"{visit.workshop.pk} {who}", algorithm="sha256")
    cache, key = caches["ideas"], digest.hexdigest()
    cache.add(key, 0, WITHIN)
    try:
        return cache.incr(key) <= MOST
    except ValueError:  # it has expired at this very moment
        return True


def store(idea: Idea) -> bool:
    """Store an idea unless it was sent before; False where its field's tray is full. In turn."""
    known = Idea.objects.filter(pk=idea.pk).first()
    if known and (known.field_id, known.text) == (idea.field_id, idea.text):
        return True
    if idea.field.ideas.waiting().count() >= MOST_WAITING:
        return False
    if known:  # "back" brings a form whose number is used up
        idea.pk = random_id()
    idea.save(force_insert=True)
    return True
