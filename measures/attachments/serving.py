"""An attachment as a browser gets it: to be saved, never to be shown within our pages."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from measures.attachments.storing import bytes_of
from measures.models import Attachment


def as_download(attachment: Attachment) -> StreamingHttpResponse:
    """Return the file; should a browser open it nevertheless, it may do nothing there."""
    response = StreamingHttpResponse(bytes_of(attachment), content_type=attachment.media_type)
    response["Content-Length"] = str(attachment.size)
    response["Content-Disposition"] = content_disposition_header(True, attachment.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response
