"""Where the kit keeps what is its own, and the settings that go with it. Standard library only."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from dev_install import Stop

DATA, SECRETS = "data.sqlite3", "secrets.env"
PASSPHRASE = "BACKUP_PASSPHRASE"


def make_folder(folder: Path) -> None:
    """Make the folder, for our eyes only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def read_secrets(folder: Path) -> dict[str, str]:
    """Return what stands in the file of secrets; {} without one."""
    path = folder / SECRETS
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def known_secrets(folder: Path) -> dict[str, str]:
    """Return the secrets of a room that was opened before. Raises Stop."""
    if found := read_secrets(folder):
        return found
    raise Stop(f"In {folder} liegen keine Daten.", f"There are no data in {folder}.")


def write_file(path: Path, content: bytes) -> None:
    """Write a file for our eyes only: all of it under its name, or nothing."""
    draft = path.with_name(f"{path.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def url_of(options: argparse.Namespace) -> str:
    scheme = "https" if options.certificate else "http"
    return f"{scheme}://{options.name or options.address}:{options.port}"


def settings_of(options: argparse.Namespace, secrets: Mapping[str, str]) -> dict[str, str]:
    """Return all settings that matter, so that no ``.env`` of the checkout has a say."""
    return {
        "SECRET_KEY": secrets["SECRET_KEY"],
        "SEAL_KEYS": secrets["SEAL_KEYS"],
        "OFFLINE_KIT": "true",
        "DEBUG": "false",
        "HTTPS": "true" if options.certificate else "false",
        "ALLOWED_HOSTS": ",".join(filter(None, (options.name, options.address))),
        "CSRF_TRUSTED_ORIGINS": "",
        "PUBLIC_URL": url_of(options) if options.address else "",
        "PUBLIC_FRAME_ANCESTORS": "",
        "DATABASE_URL": f"sqlite:///{options.data / DATA}",
        "REPLICA_URL": "",
        "CACHE_URL": "",
        "BEHIND_PROXY": "false",
        "SIGNUP_OPEN": "false",
        "EMAIL_URL": "consolemail://",
        "ATTACHMENT_MB": "20",
        "ATTACHMENTS_MB": "100",
    }
