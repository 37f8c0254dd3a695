from django.db import migrations
from django.db.models import F


def take_over(apps, schema_editor):
    """What the old table had not sent yet is told by the new one."""
    old, new = apps.get_model("messaging", "OldNotice"), apps.get_model("messaging", "Notice")
    waiting = old.objects.filter(sent_at__isnull=True, tries__lt=8).annotate(match=F("event__match"), at=F("event__at"))
    new.objects.bulk_create(
        new(
            person_id=row.person_id,
            kind=row.kind,
            event=f"old:{row.event_id}",
            about=row.match,
            thread=row.match,
            written_at=row.at,
            due_at=row.at,
            delete_on=row.delete_on,
        )
        for row in waiting.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_outbox")]
    operations = [migrations.RunPython(take_over, migrations.RunPython.noop), migrations.DeleteModel("OldNotice")]
