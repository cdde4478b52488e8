"""Where the kit listens: what was asked for, and which addresses this laptop has.

Standard library only, because it runs before anything is installed.
"""

import argparse
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from dev_install import ROOT, Stop, say

# "What is this interface's address?", as Linux and macOS number the question.
SIOCGIFADDR = {"linux": 0x8915, "darwin": 0xC0206921}
ADDRESS = slice(20, 24)  # where it stands in the answer, on both
LOOPBACK = "127.0.0.1"


def parse_hall(arguments: Sequence[str]) -> argparse.Namespace:
    """Read what stands behind ``--hall``. Ends the process for what it does not know."""
    parser = argparse.ArgumentParser(prog="dev.py run --hall", allow_abbrev=False)
    parser.add_argument("--address", help="Adresse im Netz des Raums / address in the room's net")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--facilitator", metavar="E-MAIL",
        help="Konto der Moderation; bekommt ein neues Kennwort / gets a new password",
    )  # fmt: skip
    parser.add_argument(
        "--data", type=Path, default=ROOT / "hall", metavar="FOLDER",
        help="Ordner der Daten / folder of the data (hall)",
    )  # fmt: skip
    parser.add_argument(
        "--backups", type=Path, metavar="FOLDER",
        help="Ordner der Sicherungen, z. B. ein Stick / folder of the backups, a stick say",
    )  # fmt: skip
    parser.add_argument(
        "--restore", type=Path, metavar="FILE",
        help="mit einer Sicherung beginnen / begin with a backup",
    )  # fmt: skip
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="PEM; https")
    parser.add_argument("--key", type=Path, metavar="FILE", help="PEM")
    parser.add_argument(
        "--manage", nargs=argparse.REMAINDER, metavar="COMMAND",
        help="statt zu öffnen: ein Befehl von manage.py mit diesen Daten, als Letztes / instead of"
        " serving, a command of manage.py with these data, named last",
    )  # fmt: skip
    parser.add_argument("--name", help="Name im Zertifikat / name in the certificate")
    return checked(parser.parse_args(arguments))


def without_restore(arguments: Sequence[str]) -> list[str]:
    """Return the arguments for the start that follows a restoring."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--restore")
    return parser.parse_known_args(arguments)[1]


def checked(options: argparse.Namespace) -> argparse.Namespace:
    """Make paths whole. Raises Stop for a certificate without a key, and for a missing file."""
    if bool(options.certificate) != bool(options.key):
        raise Stop(
            "--certificate und --key gehören zusammen.", "--certificate and --key belong together."
        )
    options.data = options.data.absolute()
    options.backups = (options.backups or options.data / "backups").absolute()
    for name in ("certificate", "key", "restore"):
        path = getattr(options, name)
        if path and not path.is_file():
            raise Stop(f"Die Datei {path} gibt es nicht.", f"There is no file {path}.")
        setattr(options, name, path and path.absolute())
    return options


def address_of(options: argparse.Namespace) -> str:
    """Return where to listen; asks where this laptop has several addresses. Raises Stop."""
    if options.address:
        return asked_for(options.address)
    found = private(own_addresses())
    if not found:
        raise Stop(
            "Dieser Laptop ist in keinem privaten Netz. Bitte mit dem Router oder WLAN des Raums"
            " verbinden, oder --address angeben.",
            "This laptop is in no private network. Please join the room's router or Wi-Fi, or give"
            " --address.",
        )
    return found[0] if len(found) == 1 else _chosen(found)


def asked_for(text: str) -> str:
    """Return an address that somebody named. Raises Stop unless it is one of a private network."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        raise Stop(
            f"{text} ist keine Adresse wie 192.168.178.20.",
            f"{text} is no address such as 192.168.178.20.",
        ) from None
    if address.is_unspecified or not address.is_private:
        raise Stop(
            f"{text} ist keine Adresse eines privaten Netzes; im offenen Netz braucht es einen"
            " richtigen Server (docs/operator.md).",
            f"{text} is no address of a private network; in the open network it takes a real"
            " server (docs/operator.md).",
        )
    return text


def private(addresses: Iterable[str]) -> list[str]:
    """Return those under which others in the same room reach us, each once."""
    kept: dict[str, None] = {}
    for text in addresses:
        address = ipaddress.IPv4Address(text)
        if address.is_private and not address.is_loopback and not address.is_link_local:
            kept[text] = None
    return [*kept]


def own_addresses() -> list[str]:
    """Return the IPv4 addresses of this machine, in the order of its interfaces."""
    question = SIOCGIFADDR.get(sys.platform)
    if question is None:
        return [
            str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), 0, socket.AF_INET)
        ]
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _number, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe, question, struct.pack("256s", name.encode()[:15]))
            except OSError:  # it has none
                continue
            found.append(socket.inet_ntoa(answer[ADDRESS]))
    return found


def _chosen(found: Sequence[str]) -> str:
    if not sys.stdin.isatty():
        named = ", ".join(found)
        raise Stop(
            f"Dieser Laptop hat mehrere Adressen: {named}. Bitte mit --address eine wählen.",
            f"This laptop has several addresses: {named}. Please choose one with --address.",
        )
    say("Unter welcher Adresse erreicht der Raum diesen Laptop? / Which address does the room use?")
    for number, address in enumerate(found, start=1):
        say(f"  {number}  {address}")
    while True:
        typed = input("> ").strip()
        if typed in found:
            return typed
        if typed.isdecimal() and 1 <= int(typed) <= len(found):
            return found[int(typed) - 1]
