"""Where a budget ends, in sentences, for the dashboard and for the page of its own."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.costs.fitting import Budget, Fit
from measures.costs.sums import Money
from measures.costs.writing import euros

Names = Mapping[int, str]  # of measures, by their ids


def money_words(money: Money) -> str:
    """Return what is not zero: 1.000,00 € once and 50,00 € per year."""
    told = []
    if money.once or not money.per_year:
        told.append(_("%(amount)s once") % {"amount": euros(money.once)})
    if money.per_year:
        told.append(_("%(amount)s per year") % {"amount": euros(money.per_year)})
    return _(" and ").join(told)


def budget_words(budget: Budget) -> str:
    """Return the budget as far as it is stated."""
    told = []
    if budget.once is not None:
        told.append(_("%(amount)s once") % {"amount": euros(budget.once)})
    if budget.per_year is not None:
        told.append(_("%(amount)s per year") % {"amount": euros(budget.per_year)})
    return _(" and ").join(told)


def end_words(found: Fit, names: Names) -> str:
    """Say in one sentence down to which measure the budget reaches."""
    if found.next is None and found.inside:
        return _("The budget is enough for all measures of which costs are known.")
    if found.next is None:
        return _("No costs are known of the measures in the ranking.")
    if not found.inside:
        text = _("The budget is not enough for the first measure, %(name)s.")
        return text % {"name": names[found.next.key]}
    text = ngettext(
        "The budget reaches down to %(name)s: %(n)d measure for %(used)s.",
        "The budget reaches down to %(name)s: %(n)d measures for %(used)s.",
        len(found.inside),
    )
    last, used = names[found.inside[-1].key], money_words(found.used)
    return text % {"name": last, "n": len(found.inside), "used": used}


def change_words(found: Fit, names: Names) -> str:
    """Say what would let the next measure in; "" where all fit."""
    if found.next is None:
        return ""
    values = {"name": names[found.next.key], "missing": money_words(found.missing)}
    if found.left_out is None:
        return _("For %(name)s, %(missing)s more would be needed.") % values
    text = _("For %(name)s, %(missing)s more would be needed, or leave out %(other)s.")
    return text % (values | {"other": names[found.left_out.key]})


def unknown_words(found: Fit) -> str:
    """Say how many measures are counted nowhere; "" where all costs are known."""
    if not (n := len(found.unknown)):
        return ""
    text = ngettext(
        "Of %(n)d measure in the ranking no costs are known; it is not counted.",
        "Of %(n)d measures in the ranking no costs are known; they are not counted.",
        n,
    )
    return text % {"n": n}
