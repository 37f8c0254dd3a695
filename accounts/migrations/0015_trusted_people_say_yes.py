"""When the named person said yes themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_who_changed_number_and_address")]

    operations = [
        migrations.AddField("trustedperson", "agreed_at", models.DateTimeField(blank=True, null=True)),
    ]
