"""Two addresses for whoever watches the machine: is the process up, and can it do its work?"""

import asyncio
import logging

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

log = logging.getLogger("gemeinsinn.health")
PATIENCE_S = 3.0


@login_not_required
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """200 as soon as the process answers at all; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
async def ready(request: HttpRequest) -> HttpResponse:
    """200 when database and live layer answer within `PATIENCE_S` each, else 503 naming what does not."""
    missing = [name for name, probe in (("database", _database), ("layer", _layer)) if not await _answers(name, probe)]
    text = "ok\n" if not missing else f"not ready: {', '.join(missing)}\n"
    return HttpResponse(text, content_type="text/plain", status=503 if missing else 200)


async def _answers(name: str, probe) -> bool:
    try:
        await asyncio.wait_for(probe(), PATIENCE_S)
    except Exception as trouble:  # whatever it is, the answer is the same: not ready
        log.warning("not ready part=%s kind=%s", name, type(trouble).__name__)
        return False
    return True


@sync_to_async
def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


async def _layer() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "health"})
    await layer.receive(channel)
