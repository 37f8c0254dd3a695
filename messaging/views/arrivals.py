"""Where a gateway for text messages says whether they arrived. Its address is the secret; it needs no login."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.errors import NotVisible
from messaging import actions
from messaging.outbox import sms

log = logging.getLogger("gemeinsinn.messaging")
LONGEST = 64 * 1024


@csrf_exempt
@login_not_required
@require_POST
def report(request: HttpRequest, token: str) -> HttpResponse:
    """204 where at least one message is known; 404 where none is (yet): gateways come again. 400: not understood."""
    if not sms.is_secret(token):
        raise NotVisible
    body = request.body
    if len(body) > LONGEST:
        return HttpResponse(status=413)
    try:
        reports = sms.read(body, content_type=request.content_type or "")
    except Exception as problem:  # a gateway of the operator's own may raise anything
        log.warning("report of the gateway not understood error=%s", type(problem).__name__)
        return HttpResponse(status=400)
    return HttpResponse(status=204 if actions.hear_arrivals(reports, now=timezone.now()) else 404)
