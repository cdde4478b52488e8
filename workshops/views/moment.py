from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from workshops.access import listener
from workshops.audiences import Audience, audience_of, state_of


@require_safe
@listener(audience_of)
@cache_control(private=True, no_cache=True)
def moment(request: HttpRequest, workshop_id: int, audience: Audience) -> HttpResponse:
    """GET: an opaque text that is another one once the audience's pages are old; else 304."""
    state = state_of(workshop_id, audience)
    if state is None:
        raise Http404
    etag = f'"{state}"'
    response = HttpResponse(state, content_type="text/plain", headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response
