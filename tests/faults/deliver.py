"""The clock of the house, once, on the noon after tomorrow: `python -m tests.faults.deliver` in its environment."""

from datetime import timedelta

import django


def main() -> None:
    django.setup()
    from django.utils import timezone

    from messaging.actions import deliver_notices

    noon = timezone.localtime().replace(hour=12, minute=0) + timedelta(days=1)  # no quiet hours, all has waited enough
    deliver_notices(now=noon)


if __name__ == "__main__":
    main()
