"""The day of a run, which may begin before midnight and end after it."""

from django.utils import timezone

TODAY = timezone.localdate()
