"""The one door of the process: pages and API over HTTP, live talk over `/ws/v1/`."""

import gc
import os
import sys

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
_http = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402

from config import processes  # noqa: E402
from messaging.routing import socket_application  # noqa: E402

# SQLite gives up the interpreter at every row. With the usual 5 ms a thread of the database would then wait so long for
# the loop to give it back; a batch of a hundred rows would take half a second.
sys.setswitchinterval(0.0005)
processes.claim()  # also for uvicorn with several workers: without Redis the second one stops here
# What is loaded now stays for good; without this the collector would walk through all of it again and again.
gc.collect()
gc.freeze()
application = ProtocolTypeRouter({"http": _http, "websocket": socket_application})
