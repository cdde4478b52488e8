"""What measures cost and what was measured: to look up and search, never to change.

Both have pages of their own, which know who may do what.
"""

from django.contrib import admin

from measures.models import Cost, CostShare, Indicator, IndicatorEntry
from workshops.admin.base import HistoryAdmin, ReadOnlyAdmin, workshop_filter


@admin.register(Cost)
class CostAdmin(ReadOnlyAdmin, HistoryAdmin):
    list_display = ("measure", "purpose", "kind", "amount", "source", "funder")
    list_filter = (workshop_filter("measure__workshop"), "kind")
    list_select_related = ("measure",)
    search_fields = ("purpose", "source", "funder", "measure__title")
    fields = (
        "measure", "purpose", "kind", "amount", "source", "funder", "funded_amount",
        "funded_percent",
    )  # fmt: skip


@admin.register(CostShare)
class CostShareAdmin(ReadOnlyAdmin, HistoryAdmin):
    list_display = ("cost", "municipality", "amount")
    list_filter = (workshop_filter("cost__measure__workshop"),)
    list_select_related = ("cost", "municipality")
    search_fields = ("cost__purpose", "municipality__name")
    fields = ("cost", "municipality", "amount")


@admin.register(Indicator)
class IndicatorAdmin(ReadOnlyAdmin, HistoryAdmin):
    list_display = ("measure", "name", "unit", "baseline", "target", "target_on")
    list_filter = (workshop_filter("measure__workshop"),)
    list_select_related = ("measure",)
    search_fields = ("name", "measure__title")
    fields = ("measure", "name", "unit", "baseline", "baseline_on", "target", "target_on")


@admin.register(IndicatorEntry)
class IndicatorEntryAdmin(ReadOnlyAdmin):
    list_display = ("indicator", "day", "value", "remark", "at")
    list_filter = (workshop_filter("indicator__measure__workshop"),)
    list_select_related = ("indicator",)
    search_fields = ("indicator__name", "remark")
    fields = ("indicator", "day", "value", "remark", "by", "at")
