"""An app's view of the house: JSON in, JSON out."""

import json
from typing import Any

from django.test import Client

ROOT = "/api/v1/"


class Door:
    """Speaks as one person (None: nobody logged in). `status` and `said` hold the last answer."""

    def __init__(self, client: Client) -> None:
        self.client, self.status, self.said = client, 0, None

    def get(self, path: str, **headers: str) -> Any:
        return self._keep(self.client.get(ROOT + path, headers=headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("post", path, body, **headers)

    def patch(self, path: str, body: Any) -> Any:
        return self.send("patch", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self.send("put", path, body)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        text = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        return self._keep(
            self.client.generic(method.upper(), ROOT + path, text, content_type="application/json", headers=headers)
        )

    def _keep(self, answer: Any) -> Any:
        self.answer, self.status = answer, answer.status_code
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        self.said = json.loads(answer.content) if is_json else answer.content
        return self.said
