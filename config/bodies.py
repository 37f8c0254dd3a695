"""How large the body of a request may be, in the server that `./run serve` starts."""

from daphne import http_protocol
from django.conf import settings

MAX_BODY_BYTES = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class BoundedRequest(http_protocol.WebRequest):
    """
    A body that is too large is refused while it arrives.

    Daphne would put all of it on the disk first: Django's limit looks only at what has arrived.
    """

    _size, _is_refused = 0, False

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        self._take(length or 0)
        self._size = 0

    def handleContentChunk(self, data: bytes) -> None:
        self._take(len(data))
        if not self._is_refused:
            super().handleContentChunk(data)

    def process(self) -> None:
        if not self._is_refused:
            super().process()

    def _take(self, count: int) -> None:
        self._size += count
        if self._size > MAX_BODY_BYTES and not self._is_refused:
            self._is_refused = True
            self.channel.transport.write(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n\r\n")
            self.channel.loseConnection()


def bound() -> None:
    """From now on daphne takes no larger body: its factory asks for the class of requests by this name."""
    http_protocol.WebRequest = BoundedRequest
