"""When the office changed a number or an address, and who did; on which way a code was given."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _who() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_stopped_helping")]

    operations = [
        migrations.AddField("user", "phone_changed_on", models.DateField(blank=True, null=True)),
        migrations.AddField("user", "phone_changed_by", _who()),
        migrations.AddField("user", "email_changed_on", models.DateField(blank=True, null=True)),
        migrations.AddField("user", "email_changed_by", _who()),
        migrations.AddField(
            "accesscode",
            "way",
            models.CharField(
                blank=True,
                choices=[
                    ("hand", "Persönlich im Büro"),
                    ("letter", "Im Brief"),
                    ("phone", "Am Telefon, unter der Nummer auf dieser Seite"),
                ],
                default="",
                max_length=6,
            ),
            preserve_default=False,
        ),
    ]
