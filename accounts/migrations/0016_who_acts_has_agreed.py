"""Whoever was named before anybody was asked goes on as they did: counted as agreed from that day on."""

from django.db import migrations
from django.db.models import F


def agree(apps, _editor):
    rows = apps.get_model("accounts", "TrustedPerson").objects.filter(agreed_at__isnull=True)
    rows.update(agreed_at=F("since"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_trusted_people_say_yes")]

    operations = [migrations.RunPython(agree, migrations.RunPython.noop)]
