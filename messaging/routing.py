"""Placeholder until the live talk moves in (same session)."""


async def socket_application(scope, receive, send):
    await send({"type": "websocket.close", "code": 4404})
