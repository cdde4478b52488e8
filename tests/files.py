"""Files as people send them, made small, and some that nobody should send."""

import hashlib
import io
import uuid
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from measures.models import Attachment, AttachmentPart, Measure
from tests.pages import picture

WORD = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{WORD}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{WORD}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{WORD}presentationml.presentation.main+xml"),
}
OPEN = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def archive(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def office(kind: str, content_type: str = "", **more: str | bytes) -> bytes:
    """Return a Word, Excel or PowerPoint file; more parts by their names, "__" for "/"."""
    name, usual = MAIN[kind]
    types = (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/'
        'package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{name}" ContentType="{content_type or usual}"/></Types>'
    )
    parts = {"[Content_Types].xml": types, name: "<w/>"}
    return archive(parts | {each.replace("__", "/"): text for each, text in more.items()})


def open_document(kind: str, *, manifest: str = "<manifest/>", **more: str | bytes) -> bytes:
    """Return an OpenDocument file; more parts as in ``office``."""
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{OPEN[kind]}",
        "META-INF/manifest.xml": manifest,
        "content.xml": "<office/>",
    }
    return archive(parts | {each.replace("__", "/"): text for each, text in more.items()})


def every_kind() -> dict[str, bytes]:
    """Return a good file of each kind by the ending that fits."""
    return {
        "pdf": PDF,
        "png": picture((3, 3)),
        "jpg": picture((3, 3), "JPEG"),
        "webp": picture((3, 3), "WEBP"),
        **{kind: office(kind) for kind in MAIN},
        **{kind: open_document(kind) for kind in OPEN},
    }


def attach(owner: Measure | None, *, content: bytes = PDF, **columns) -> Attachment:
    """Attach a file to a measure past the pages."""
    told = {
        "name": "Lageplan.pdf", "kind": "pdf", "size": len(content), "added_as": "administration",
        "digest": hashlib.sha256(content).hexdigest(), "client_id": uuid.uuid4(),
    }  # fmt: skip
    row = Attachment.objects.create(measure=owner, **told | columns)
    AttachmentPart.objects.create(attachment=row, place=0, content=content)
    return row


def sent(content: bytes = PDF, name: str = "Lageplan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
