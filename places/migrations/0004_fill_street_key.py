"""Addresses written before: their street as it is compared."""

from django.db import migrations

from places.normalise import street_key


def fill(apps, schema_editor):
    rows = apps.get_model("places", "ExactAddress").objects.filter(street_key="").exclude(street="")
    batch = []
    for row in rows.only("street", "street_key").iterator(chunk_size=500):
        row.street_key = street_key(row.street)[:120]
        batch.append(row)
    rows.model.objects.bulk_update(batch, ["street_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("places", "0003_street_key")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
