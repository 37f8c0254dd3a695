"""
The servers the talk is measured against, each a process of its own: `python -m bench._live_rivals bare PORT`.

`bare`: an echo with the `websockets` library, nothing stored. `stock`: a chat as the Channels tutorial builds it
(daphne, Redis layer, one group for each room, `database_sync_to_async`) plus one insert for each message, into SQLite.
"""

import asyncio
import os
import sys


def main(kind: str, port: int) -> None:
    {"bare": bare, "stock": stock}[kind](port)


def bare(port: int) -> None:
    from websockets.asyncio.server import serve

    async def echo(line) -> None:
        async for text in line:
            await line.send(text)

    async def run() -> None:
        async with serve(echo, "127.0.0.1", port, max_queue=None):
            await asyncio.get_running_loop().create_future()

    asyncio.run(run())


def stock(port: int) -> None:
    """settings, models, consumer and routing of the tutorial in one function."""
    import daphne.server
    import django
    from django.conf import settings
    from django.db import connection, models

    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        USE_TZ=True,
        INSTALLED_APPS=["daphne", "channels"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["STOCK_DATABASE"]}},
        CHANNEL_LAYERS={
            "default": {
                "BACKEND": "channels_redis.core.RedisChannelLayer",
                # without these redis-py 8 cuts every quiet socket after 5 s, and refuses the hundredth socket
                "CONFIG": {
                    "hosts": [{"address": os.environ["STOCK_REDIS"], "socket_timeout": None, "max_connections": 20_000}]
                },
            }
        },
    )
    django.setup()

    class Message(models.Model):
        room = models.CharField(max_length=100)
        body = models.TextField()
        stored_at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "chat"

    with connection.schema_editor() as editor:
        editor.create_model(Message)

    import json

    from channels.db import database_sync_to_async
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.routing import ProtocolTypeRouter, URLRouter
    from django.core.asgi import get_asgi_application
    from django.urls import re_path

    class ChatConsumer(AsyncWebsocketConsumer):
        async def connect(self) -> None:
            self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
            self.room_group_name = f"chat_{self.room_name}"
            await self.channel_layer.group_add(self.room_group_name, self.channel_name)
            await self.accept()

        async def disconnect(self, close_code) -> None:
            await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

        async def receive(self, text_data) -> None:
            message = json.loads(text_data)["message"]
            await database_sync_to_async(Message.objects.create)(room=self.room_name, body=message)
            await self.channel_layer.group_send(self.room_group_name, {"type": "chat.message", "message": message})

        async def chat_message(self, event) -> None:
            await self.send(text_data=json.dumps({"message": event["message"]}))

    routes = URLRouter([re_path(r"ws/chat/(?P<room_name>\w+)/$", ChatConsumer.as_asgi())])
    application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": routes})
    daphne.server.Server(application, endpoints=[f"tcp:port={port}:interface=127.0.0.1"]).run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
