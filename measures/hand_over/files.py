"""The transfer file itself: the plain data as JSON, locked with a passphrase."""

import json
import os
from pathlib import Path

from measures.hand_over.packing import pack
from measures.hand_over.readiness import Refused
from measures.hand_over.unpacking import unpack
from measures.seals.text import as_bytes, canonical
from workshops.locked import Kind, NotOpened, lock, unlock
from workshops.models import Workshop


def write_transfer(workshop: Workshop, path: Path, passphrase: str) -> None:
    """Write the workshop into a new file that only its owner can read.

    Raises Refused while its day is not over, FileExistsError and other OSErrors.
    """
    content = lock(as_bytes(canonical(pack(workshop))), passphrase, Kind.TRANSFER)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()
        raise


def read_transfer(path: Path, passphrase: str) -> Workshop:
    """Store the workshop that is in the file, all of it or nothing.

    Raises Refused, with a sentence, and OSError.
    """
    try:
        text = unlock(path.read_bytes(), passphrase, Kind.TRANSFER)
        data = json.loads(text)
    except NotOpened as error:
        raise Refused(str(error)) from error
    except ValueError:
        data = None
    return unpack(data)
