"""``manage.py verify_decisions``: tell whether every stored decision is as it was recorded.

Not checked, because not frozen: when it was published, who recorded it and when, and the e-mail
address of who is responsible. See ``measures.decisions.basis.recorded``.
"""

from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.decisions.basis import recorded
from measures.decisions.dossier import told
from measures.decisions.snapshot import faults
from measures.models import Decision
from workshops.models import Workshop


class Command(BaseCommand):
    help = (
        "Compute the SHA-256 of every decision anew and compare what was decided with what was"
        " frozen; who recorded it, when, its publication and the e-mail address are not frozen."
        " Names each decision that was changed; the exit status is 1 if there is one, else 0."
    )

    def add_arguments(self, parser):
        parser.add_argument("--workshop", type=int, metavar="ID", help="only this workshop")

    def handle(self, *, workshop: int | None, **options):
        decisions = Decision.objects.select_related("session__workshop", "measure", "corrects")
        if workshop is not None:
            decisions = decisions.in_workshop(_workshop(workshop))
        total = changed = 0
        for decision in decisions.order_by("pk").iterator(chunk_size=100):
            total += 1
            lines = list(_report(decision))
            changed += bool(lines)
            self.stdout.writelines(lines)
        if changed:
            text = _("%(changed)d of %(total)d decisions were changed after they were recorded.")
            raise CommandError(text % {"changed": changed, "total": total})
        text = ngettext(
            "%(total)d decision checked, unchanged.",
            "%(total)d decisions checked, all unchanged.",
            total,
        )
        self.stdout.write(text % {"total": total})


def _workshop(pk: int) -> Workshop:
    workshop = Workshop.objects.filter(pk=pk).first()
    if workshop is None:
        raise CommandError(_("There is no workshop with the id %(id)d.") % {"id": pk})
    return workshop


def _report(decision: Decision) -> Iterable[str]:
    """Yield one line for everything that does not fit in a decision."""
    session = decision.session
    place = _(
        "Workshop %(id)d “%(workshop)s”, %(code)s, %(committee)s of %(date)s, decision %(pk)d"
    )
    place %= {
        "id": session.workshop_id,
        "workshop": session.workshop,
        "code": decision.measure.code,
        "committee": session.committee,
        "date": session.date.isoformat(),
        "pk": decision.pk,
    }
    for fault in faults(decision.snapshot, decision.sha256, recorded(decision)):
        yield f"{place}: {told(fault)}\n"
