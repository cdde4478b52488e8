"""The days of the example: invented once, told as if its story had led up to today."""

from datetime import date, timedelta

# Told from this Wednesday to the Tuesday after, all that has happened lies behind, and the next
# session is to come.
TOLD_FROM = date(2026, 11, 25)
DECIDED = date(2026, 10, 22)


def as_of(value, today: date):
    """Return a day moved, and words with the years filled in; also all in a list or dict.

    Days move by whole weeks, so that they stay the days of the week they were. In words
    ``{year[1]}`` is the year after the one in which the committee decided.
    """
    match value:
        case date():
            return value + timedelta(weeks=(today - TOLD_FROM).days // 7)
        case str():
            return value.format(year=range(as_of(DECIDED, today).year, date.max.year))
        case dict():
            return {name: as_of(each, today) for name, each in value.items()}
        case list():
            return [as_of(each, today) for each in value]
    return value


def last_working_day(today: date) -> date:
    """Return the last day before ``today`` on which a town hall is open."""
    past = (today - timedelta(days=back) for back in range(1, 4))
    return next(day for day in past if day.weekday() < 5)
