"""``manage.py verify_decisions``: tell whether every stored decision is as it was recorded.

Not checked, because not sealed: who recorded or published it, and the e-mail address of who is
responsible. See ``measures.committee.sealing``.
"""

import re
from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.committee.verifying import Findings, verify
from measures.models import Decision, Seal
from measures.seals.chain import SHORT
from workshops.models import Workshop


class Command(BaseCommand):
    help = (
        "Walk each workshop's chain of seals and compare what was decided, published and frozen"
        " with what is sealed. Names the first break of a chain, each row that differs, and each"
        " chain's last seal; the exit status is 1 if anything is wrong or was sealed elsewhere,"
        " else 0."
    )

    def add_arguments(self, parser):
        parser.add_argument("--workshop", type=int, metavar="ID", help="only this workshop")
        parser.add_argument(
            "--head",
            metavar="SEAL",
            help="a seal of this workshop from paper: was the chain cut off behind it?",
        )

    def handle(self, *, workshop: int | None, head: str | None, **options):
        if head and workshop is None:
            raise CommandError(_("--head needs --workshop: which chain is the seal from?"))
        digits = _digits(head) if head else ""
        wrong = elsewhere = decisions = 0
        workshops = _workshops(workshop)
        for each in workshops:
            findings = verify(each)
            if digits:
                _look_for(digits, findings)
            self.stdout.write("\n".join(_lines(findings)))
            wrong += bool(findings.wrong)
            elsewhere += bool(findings.elsewhere)
            decisions += findings.decisions
        if wrong:
            text = _("%(wrong)d of %(total)d workshops: not everything is as it was sealed.")
            raise CommandError(text % {"wrong": wrong, "total": len(workshops)})
        if elsewhere:
            text = _("%(count)d of %(total)d workshops: sealed elsewhere, cannot be checked here.")
            raise CommandError(text % {"count": elsewhere, "total": len(workshops)})
        text = ngettext(
            "%(total)d decision checked, unchanged.",
            "%(total)d decisions checked, all unchanged.",
            decisions,
        )
        self.stdout.write(text % {"total": decisions})


def _digits(head: str) -> str:
    """Return a seal as it is stored, or the beginning of one; people read it out in groups."""
    digits = re.sub(r"\s", "", head).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORT},64}}", digits):
        raise CommandError(_("A seal has 16 to 64 digits from 0 to 9 and a to f."))
    return digits


def _workshops(pk: int | None) -> list[Workshop]:
    if pk is not None:
        found = list(Workshop.objects.filter(pk=pk))
        if not found:
            raise CommandError(_("There is no workshop with the id %(id)d.") % {"id": pk})
        return found
    decided = Decision.objects.order_by().values("session__workshop")
    sealed = Seal.objects.order_by().values("workshop")
    rows = Workshop.objects.filter(pk__in=decided) | Workshop.objects.filter(pk__in=sealed)
    return list(rows.order_by("pk"))


def _look_for(digits: str, findings: Findings) -> None:
    """Say whether a seal that stands on paper is in the chain, and what follows it."""
    places = [seal.position for seal in findings.seals if seal.value.startswith(digits)]
    if not places:
        text = _(
            "The seal %(digits)s is not in the chain: its end was cut off, or the chain was made"
            " anew, or the seal is from another workshop."
        )
        findings.wrong.append(text % {"digits": digits})
        return
    newer = findings.seals[-1].position - places[0]
    text = ngettext(
        "The seal %(digits)s is link %(n)d; one newer link follows.",
        "The seal %(digits)s is link %(n)d; %(newer)d newer links follow.",
        newer,
    )
    if not newer:
        text = _("The seal %(digits)s is link %(n)d, the last one.")
    findings.notes.append(text % {"digits": digits, "n": places[0], "newer": newer})


def _lines(findings: Findings) -> Iterable[str]:
    """Yield what was found, each line with the workshop it is about."""
    place = _("Workshop %(id)d “%(title)s”") % {
        "id": findings.workshop.pk,
        "title": findings.workshop.title,
    }
    for text in [*findings.wrong, *findings.elsewhere, *findings.notes]:
        yield f"{place}: {text}"
    if not findings.seals:
        yield _("%(place)s: no seals yet") % {"place": place}
        return
    last = findings.seals[-1]
    count = len(findings.seals)
    text = ngettext("%(count)d link, last seal", "%(count)d links, last seal", count)
    yield f"{place}: {text % {'count': count}} {last.short} ({last.value})"
