"""Who in a workshop is reminded by mail."""

from measures.followup.reminders import CHOICES
from workshops.models import Workshop
from workshops.seen import SeenRowForm


class RemindForm(SeenRowForm):
    """The choice of a workshop's administration: whom the mails reach, by night and by hand."""

    class Meta:
        model = Workshop
        fields = CHOICES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Validation writes into the row.
        self.stored = "".join(str(int(getattr(self.instance, name))) for name in CHOICES)

    @property
    def now(self) -> str:
        return self.stored

    def redrawn(self) -> "RemindForm":
        self.instance.refresh_from_db(fields=CHOICES)
        return super().redrawn()
