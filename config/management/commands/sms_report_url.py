"""`./run manage sms_report_url`: the address a gateway for text messages calls to say whether they arrived."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from messaging.outbox import sms


class Command(BaseCommand):
    help = "Prints the secret address for delivery reports. Whoever knows it can say that messages arrived."

    def handle(self, **options: Any) -> None:
        self.stdout.write(settings.SITE_URL + reverse("messaging:sms_report", args=[sms.secret()]))
