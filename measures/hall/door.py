"""The door of a workshop: opened and closed, with a room code that the facilitator may renew."""

from workshops.guests import ROOM_LENGTH, new_code
from workshops.models import Workshop


def set_open(workshop: Workshop, *, is_open: bool) -> None:
    """Let people in with the room code or no more; the first time makes the code."""
    workshop.is_door_open = is_open
    if is_open and not workshop.room_code:
        workshop.room_code = _free_code()
    workshop.save(update_fields=["is_door_open", "room_code"])


def renew_code(workshop: Workshop) -> None:
    """Give the room another code; the one before lets nobody in any more."""
    workshop.room_code = _free_code()
    workshop.save(update_fields=["room_code"])


def _free_code() -> str:
    while Workshop.objects.filter(room_code=(code := new_code(ROOM_LENGTH))).exists():
        pass
    return code
