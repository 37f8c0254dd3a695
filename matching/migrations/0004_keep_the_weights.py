"""The weights a quarter had set become its first version, before `places` drops the column; and back again."""

from django.db import migrations


def to_versions(apps, schema_editor):
    Weighing = apps.get_model("matching", "Weighing")
    for quarter in apps.get_model("places", "Quarter").objects.exclude(weights={}):
        Weighing.objects.create(quarter=quarter, number=1, weights=quarter.weights)


def to_columns(apps, schema_editor):
    Weighing = apps.get_model("matching", "Weighing")
    Quarter = apps.get_model("places", "Quarter")
    for version in Weighing.objects.order_by("number"):
        Quarter.objects.filter(pk=version.quarter_id).update(weights=version.weights)


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_rounds_and_weights"), ("places", "0001_initial")]
    operations = [migrations.RunPython(to_versions, to_columns)]
