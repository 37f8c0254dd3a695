"""`./run manage push_key`: makes the key with which this service speaks to push services, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging.outbox import sealed


class Command(BaseCommand):
    help = "Makes DATA_DIR/push_key and so switches hints on devices on (with OPERATOR_EMAIL). Never overwrites one."

    def handle(self, **options: Any) -> None:
        kept = settings.DATA_DIR / "push_key"
        if settings.PUSH_KEY:
            self.stdout.write("There is a key already: another one would silence every device.")
            return
        try:
            kept.touch(mode=0o600, exist_ok=False)
        except FileExistsError as there:
            raise CommandError(f"{kept} exists and is empty or unreadable.") from there
        kept.write_text(sealed.new_key())
        need = "" if settings.OPERATOR_EMAIL else " Set OPERATOR_EMAIL too: push services ask whom to write to."
        self.stdout.write(f"Kept in {kept}. Restart the service.{need}")
