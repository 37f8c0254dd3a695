"""On the way back from 0017 the ties go first: nobody may find them among the blocks of their own hand."""

from typing import Any

from django.db import migrations


def take_ties_away(apps: Any, schema_editor: Any) -> None:
    apps.get_model("accounts", "Block").objects.filter(entry__isnull=False).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_keep_apart'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, take_ties_away),
    ]
