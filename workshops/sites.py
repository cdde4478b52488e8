"""Sites of others, as somebody types them, one per line, and as they stand in a header.

A site is an origin: https, a host, perhaps a port. Anything else in the header could end the
directive and begin another.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

MOST = 10
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_SITE = re.compile(rf"https://(?=[^:]{{1,253}}(:|$))({_LABEL}\.)+{_LABEL}(:[1-9][0-9]{{0,4}})?")
# What the database checks of them: PostgreSQL's and Python's expressions agree on this much.
_STORED = r"https://[a-z0-9.-]+(:[0-9]+)?"
SITES = rf"^{_STORED}(\n{_STORED}){{0,{MOST - 1}}}\Z"


def sites_in(text: str) -> list[str]:
    """Return the sites of a text as they are stored. Raises ValidationError."""
    lines = [line for each in text.splitlines() if (line := each.strip())]
    sites = list(dict.fromkeys(map(_plain, lines)))
    wrong = [line for line in lines if not _SITE.fullmatch(_plain(line))]
    if wrong:
        sentence = _("“%(site)s” is no site such as https://www.example.org.")
        raise ValidationError([sentence % {"site": line} for line in wrong])
    if len(sites) > MOST:
        raise ValidationError(
            _("These are %(n)d sites; at most 10 are possible.") % {"n": len(sites)}
        )
    return sites


def check_sites(text: str) -> None:
    """Raise ValidationError unless the text is stored as it should be."""
    if "\n".join(sites_in(text)) != text:
        raise ValidationError(_("Please enter at most 10 sites, one per line."))


def _plain(line: str) -> str:
    """Return a line in small letters, with https:// before and nothing behind the host and port.

    Letters that are not of ASCII are written as the network writes them; ß is left as it is, for
    two standards differ in what becomes of it.
    """
    line = line.lower().removesuffix("/")
    scheme, _sign, rest = line.rpartition("://")
    host, colon, port = rest.partition(":")
    if "ß" not in host:
        try:
            host = punycode(host)
        except UnicodeError:
            return line
    port = "" if port == "443" else port
    return f"{scheme or 'https'}://{host}{colon if port else ''}{port}"
