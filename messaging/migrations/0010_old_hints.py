from django.db import migrations


def divide(apps, schema_editor):
    """Both names stood in one field; whatever left as a text message keeps it there."""
    for row in apps.get_model("messaging", "Notice").objects.exclude(reference="").iterator():
        by_text = any(way == "sms" for way, _at in row.used)
        row.hint, row.reference = ("", row.reference) if by_text else (row.reference[:32], "")
        row.save(update_fields=["hint", "reference"])


def join(apps, schema_editor):
    for row in apps.get_model("messaging", "Notice").objects.exclude(hint="").filter(reference="").iterator():
        row.reference = row.hint
        row.save(update_fields=["reference"])


class Migration(migrations.Migration):
    dependencies = [("messaging", "0009_hint_and_reference")]
    operations = [migrations.RunPython(divide, join)]
