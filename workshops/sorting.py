"""``sort_key`` in the database, for lists that it cuts into pages.

The key is computed where it is needed and stored nowhere. A stored one would go stale with every
``update()``, and would be one more place that holds the name of somebody who was erased.
"""

from django.db.models import Func, TextField, Value
from django.db.models.functions import Collate

from workshops.collation import BETWEEN, DIGITS, INVISIBLE, LETTERS, Ranges, sort_key

_SINGLE = {letter: base for letter, base in LETTERS.items() if len(base) == 1}
_SPELT_OUT = {letter: base for letter, base in LETTERS.items() if len(base) > 1}


class SortKey(Func):
    """``sort_key`` in the database: ``order_by(SortKey("name"))``.

    SQLite calls the function itself; for PostgreSQL its tables are spelled out as SQL.
    """

    function = "sort_key"
    arity = 1
    output_field = TextField()

    def get_group_by_cols(self):
        """Group by what the key is made of: it follows from that, and is a long expression."""
        return [col for each in self.get_source_expressions() for col in each.get_group_by_cols()]

    def as_postgresql(self, compiler, connection, **extra_context):
        [text] = self.get_source_expressions()
        # The collation "C" knows capitals of ASCII only, and no others are left by then.
        apart = Collate(Func(text, template="normalize(%(expressions)s, NFD)", **_TEXT), "C")
        folded = _sql(
            "translate", _sql("lower", apart), "".join(_SINGLE), "".join(_SINGLE.values())
        )
        for letter, letters in _SPELT_OUT.items():
            folded = _sql("replace", folded, letter, letters)
        folded = _replaced(folded, f"{_class(INVISIBLE)}+", "")
        folded = _replaced(folded, f"{_class(BETWEEN)}+", " ")
        # Nine zeros before every number; then all that are not needed for ten digits go.
        folded = _replaced(folded, "([0-9]+)", "0" * (DIGITS - 1) + r"\1")
        folded = _replaced(folded, f"0{{0,{DIGITS - 1}}}([0-9]{{{DIGITS},}})", r"\1")
        whole = Func(
            _sql("btrim", folded), Value("\t"), text,
            template="(%(expressions)s)", arg_joiner=" || ", **_TEXT,
        )  # fmt: skip
        return compiler.compile(Collate(whole, "C"))


_TEXT = {"output_field": TextField()}


def _sql(function: str, text, *more: str) -> Func:
    return Func(text, *map(Value, more), function=function, **_TEXT)


def _replaced(text, pattern: str, by: str) -> Func:
    return _sql("regexp_replace", text, pattern, by, "g")


def _class(ranges: Ranges) -> str:
    """Return a regular expression for one letter of these ranges."""
    return "[" + "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges) + "]"


def teach_sqlite(connection, **_kwargs) -> None:
    """Give every new connection to SQLite the function that ``SortKey`` calls."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("sort_key", 1, _or_null, deterministic=True)


def _or_null(text: str | None) -> str | None:
    return None if text is None else sort_key(text)
