"""What the public page leaves out and why, for those who decide on publishing it.

What makes it count fewer decisions than the inside is said first, all else on demand.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.models import TARGET, Assessment, Attachment, Decision, Measure, Remark
from measures.public.published import PublicContent
from measures.public.records import published_decisions
from workshops.models import Workshop


def left_out(content: PublicContent) -> dict[str, str]:
    """Return what this workshop's page leaves out now, then what every page does, and why.

    What is counted carries its number. 4 queries.
    """
    return _here(content) | _everywhere()


def _here(content: PublicContent) -> dict[str, str]:
    workshop = content.workshop
    all_values = {_("All values, ranks and the matrix"): _("No result has been shown yet.")}
    numbers = [
        (content.withheld_count if content.shows_results else 0, _withheld),
        (Remark.objects.in_workshop(workshop).filter(is_released=False).count(), _internal),
        (_untold_assessments(workshop), _assessments),
        (Attachment.objects.in_workshop(workshop).there().filter(is_released=False).count(),
         _attachments),
        (workshop.measures.count() - Measure.objects.in_workshop(workshop).standing().count(),
         _removed),
    ]  # fmt: skip
    counted = dict(sentences(number, content) for number, sentences in numbers if number)
    return ({} if content.shows_results else all_values) | counted


def untold_decisions(workshop: Workshop) -> list[str]:
    """Return in sentences why the page tells fewer decisions than the inside. 2 queries."""
    counts = zip(untold_counts(workshop), (_pending, _not_public), strict=True)
    return [sentence(number) for number, sentence in counts if number]


def untold_counts(workshop: Workshop) -> tuple[int, int]:
    """Count what is not published yet, and what is but was decided behind doors. 2 queries."""
    pending = _to_be_published(workshop).count()
    return pending, published_decisions(workshop).closed().count()


def _to_be_published(workshop: Workshop) -> QuerySet[Decision]:
    """Return the pending decisions that this page will show: no other one is promised here."""
    pending = Decision.objects.in_workshop(workshop).standing(with_pending=True).pending()
    shown = Measure.objects.in_workshop(workshop).standing()
    return pending.told_in_public().annotate(target=TARGET).filter(target__in=shown)


def _withheld(n: int, content: PublicContent) -> tuple[str, str]:
    what = ngettext(
        "Values, rank and mark of %(n)d measure",
        "Values, ranks and marks of %(n)d measures",
        n,
    )
    why = _(
        "Rated by fewer than %(smallest)d people, or by so few besides the sheets on paper. Listed"
        " without values."
    )
    return what % {"n": n}, why % {"smallest": content.smallest}


def _pending(n: int) -> str:
    sentence = ngettext(
        "%(n)d decision is not published yet. Until then the page shows its measure without it.",
        "%(n)d decisions are not published yet. Until then the page shows their measures without"
        " them.",
        n,
    )
    return sentence % {"n": n}


def _not_public(n: int) -> str:
    sentence = ngettext(
        "%(n)d published decision is missing that was made without the public. Whether and how to"
        " tell it is for the administration to decide.",
        "%(n)d published decisions are missing that were made without the public. Whether and how"
        " to tell them is for the administration to decide in each case.",
        n,
    )
    return sentence % {"n": n}


def _internal(n: int, content: PublicContent) -> tuple[str, str]:
    what = ngettext("%(n)d internal remark", "%(n)d internal remarks", n)
    return what % {"n": n}, _("Remarks and questions are internal until they are released.")


def _untold_assessments(workshop: Workshop) -> int:
    """Count the measures with an assessment that the page does not tell."""
    if workshop.shows_assessment:
        return 0
    rows = Assessment.objects.in_workshop(workshop).order_by()
    return rows.values(counted=TARGET).distinct().count()


def _assessments(n: int, content: PublicContent) -> tuple[str, str]:
    what = ngettext(
        "The assessment of the administration of %(n)d measure",
        "The assessments of the administration of %(n)d measures",
        n,
    )
    return what % {"n": n}, _("Whether the page tells them is for the administration to decide.")


def _attachments(n: int, content: PublicContent) -> tuple[str, str]:
    what = ngettext("%(n)d attachment", "%(n)d attachments", n)
    return what % {"n": n}, _("Attachments are for members until they are released one by one.")


def _removed(n: int, content: PublicContent) -> tuple[str, str]:
    what = ngettext(
        "%(n)d measure that was removed or merged",
        "%(n)d measures that were removed or merged",
        n,
    )
    why = _(
        "Decisions and reports on a merged one stand with the measure it was merged into; those on"
        " a removed one are left out."
    )
    return what % {"n": n}, why


def _everywhere() -> dict[str, str]:
    return {
        _("Profiles of the measures"): _("They may name people, for instance who does it."),
        _("Ratings of groups, distributions and medians"): _(
            "Published are the mean and the number of ratings, nothing that leads to a few."
        ),
        _("Names and e-mail addresses"): _(
            "Who took part, who wrote a remark, who recorded a decision, who is reminded."
        ),
        _("Place, hosts, notes on the budget, percentages and links to evidence"): _(
            "Not needed to follow what was decided, and some of them name people."
        ),
    }
