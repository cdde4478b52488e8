"""The leader's notes at the front: nobody overwrites what they have not seen."""

from hashlib import sha256

from measures.models import Front
from workshops.seen import Repeatable, SeenRowForm


class NotesForm(Repeatable, SeenRowForm):
    class Meta:
        model = Front
        fields = ("notes",)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.stored = self.instance.notes

    @property
    def now(self) -> str:
        return sha256(self.stored.encode()).hexdigest()[:16]

    def compared(self) -> list[str]:
        return ["notes"]

    def redrawn(self) -> "NotesForm":
        self.instance.refresh_from_db()  # validation has written the typed text into it
        return NotesForm(self.data.dict() | self.as_seen_now(), **self.made_for())
