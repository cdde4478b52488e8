"""The forms of a cost position, of the budget, and of how far down the ranking is added up."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from measures.costs.fields import EuroField
from measures.costs.writing import euros
from measures.models import Cost, CostShare
from workshops.models import Municipality, Workshop
from workshops.number_fields import DecimalPercentField, WholeNumberField
from workshops.once import ClientIdForm
from workshops.seen import VersionedForm

SHARE = "share_{}"  # the name of a municipality's field, by its id


class CostForm(forms.ModelForm):
    """What a new and a stored position have in common.

    Where several municipalities share the workshop, each has a field for what it pays.
    """

    class Meta:
        model = Cost
        fields = (
            "purpose", "kind", "amount", "source", "funder", "funded_amount", "funded_percent",
        )  # fmt: skip
        widgets = {"kind": forms.RadioSelect}
        field_classes = {
            "amount": EuroField,
            "funded_amount": EuroField,
            "funded_percent": DecimalPercentField,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _(
            "For example 12500 or 1234.56. Enter 0 for what costs nothing."
        )
        for municipality in self.sharing:
            name = SHARE.format(municipality.pk)
            label = _("Share of %(name)s in euro") % {"name": municipality.name}
            self.fields[name] = EuroField(label=label, required=False)
            self.initial[name] = self.stored.get(municipality.pk)

    @cached_property
    def stored(self) -> dict[int, Decimal]:
        """What each municipality pays so far, by its id."""
        cost = self.instance
        return {} if cost._state.adding else dict(cost.shares.values_list("municipality", "amount"))

    @cached_property
    def sharing(self) -> list[Municipality]:
        """The municipalities that may have a share, and those that have one; one alone has none."""
        seats = Municipality.objects.filter(seats__workshop=self.instance.get_workshop_id())
        found = list(seats.order_by("seats__seat"))
        gone = self.stored.keys() - {each.pk for each in found}
        found += Municipality.objects.filter(pk__in=gone) if gone else []
        return found if len(found) > 1 or self.stored else []

    def clean(self):
        """Tell what the database's rules would say, at the field that is to be changed."""
        super().clean()
        data = self.cleaned_data
        funder, amount = data.get("funder"), data.get("funded_amount")
        percent = data.get("funded_percent")
        if amount == 0:
            self.add_error("funded_amount", _("Leave this empty if nobody funds a part."))
        elif amount is not None and percent is not None:
            self.add_error("funded_percent", _("Please enter an amount or a percentage, not both."))
        elif (amount is not None or percent is not None) and not funder and "funder" in data:
            self.add_error("funder", _("Please say who funds this part."))
        elif funder and amount is None and percent is None and not self._has_faulty_share():
            self.add_error("funded_amount", _("Please say how much is funded."))
        whole = data.get("amount")
        if whole is not None and amount is not None and amount > whole:
            self.add_error("funded_amount", _("Nobody funds more than the whole amount."))
        self._check_shares(whole)
        return data

    def _has_faulty_share(self) -> bool:
        return not {"funded_amount", "funded_percent"}.isdisjoint(self.errors)

    def _check_shares(self, whole: Decimal | None) -> None:
        typed = self._typed_shares()
        if whole is not None and (shared := sum(typed.values(), Decimal(0))) > whole:
            text = _("The shares add up to %(shared)s, which is more than %(whole)s.")
            last = SHARE.format([*typed][-1])
            self.add_error(last, text % {"shared": euros(shared), "whole": euros(whole)})

    def _typed_shares(self) -> dict[int, Decimal]:
        """Return by the municipality's id what it is to pay; 0 is no share."""
        typed = {each.pk: self.cleaned_data.get(SHARE.format(each.pk)) for each in self.sharing}
        return {pk: amount for pk, amount in typed.items() if amount}

    def compared(self) -> list[str]:
        """Return the names of the fields in which a conflict shows."""
        return [*(self._meta.fields or ()), *(SHARE.format(each.pk) for each in self.sharing)]

    def _share_out(self, cost: Cost, typed: dict[int, Decimal]) -> None:
        for pk, amount in typed.items():
            if self.stored.get(pk) != amount:
                CostShare.objects.create(cost=cost, municipality_id=pk, amount=amount)


class CostAddForm(CostForm, ClientIdForm):
    owner = ("measure",)

    @transaction.atomic
    def save(self, commit: bool = True) -> Cost:
        cost = super().save(commit)
        if self.is_new:
            self._share_out(cost, self._typed_shares())
        return cost

    def find_stored(self) -> Cost | None:
        """Return what was stored with just this content, the shares as well."""
        known = super().find_stored()
        if not isinstance(known, Cost):
            return None
        stored = dict(known.shares.values_list("municipality", "amount"))
        if known.version > 1 or stored == self._typed_shares():
            return known
        self.instance.client_id = self.fields["client_id"].initial()
        return None


class CostEditForm(CostForm, VersionedForm):
    owner = ("measure",)

    @transaction.atomic
    def save(self, commit: bool = True) -> Cost:
        """Store what has changed; shares are a part of the position's text, so they count as one.

        What goes goes first: an amount may be lowered together with its shares.
        """
        typed, cost = self._typed_shares(), self.instance
        gone = [pk for pk, amount in self.stored.items() if typed.get(pk) != amount]
        CostShare.objects.filter(cost=cost, municipality__in=gone).delete()
        before = cost.version
        super().save(commit)
        if cost.version == before and typed != self.stored:
            cost.save(update_fields=["purpose"])
        self._share_out(cost, typed)
        return cost


class BudgetForm(VersionedForm):
    """What there is for all measures, and whether the public reads what they cost."""

    class Meta:
        model = Workshop
        fields = ("budget_once", "budget_per_year", "shows_costs")
        field_classes = {"budget_once": EuroField, "budget_per_year": EuroField}

    def __init__(self, *args: Any, is_administration: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.is_administration = is_administration
        if not is_administration:  # what the public reads, it alone says
            del self.fields["shows_costs"]

    def compared(self) -> list[str]:
        return [name for name in super().compared() if name in self.fields]

    def made_for(self) -> dict[str, Any]:
        return super().made_for() | {"is_administration": self.is_administration}


class FirstForm(forms.Form):
    """How many of the ranking are added up."""

    first = WholeNumberField(
        label=_("How many of the ranking"), min_value=1, max_value=9999, required=False
    )
