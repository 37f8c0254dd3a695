"""
Cells are thin by quarter: the table is made anew and measured from the houses, in both directions.

Thin parts that are no crowd together are found by the next `import_addresses` or `import_quarters`.
"""

from collections import Counter

import django.db.models.deletion
import h3
from django.db import migrations, models

FINE, COARSE, HOUSES_NEEDED = 8, 7, 40


def _measure(apps, *, by_quarter):
    house, thin = apps.get_model("places", "House"), apps.get_model("places", "CellSize")
    counted = Counter(
        (h3.latlng_to_cell(lat, lon, FINE), quarter if by_quarter else None)
        for lat, lon, quarter in house.objects.values_list("lat", "lon", "quarter").iterator()
    )
    few = [part for part, count in counted.items() if count < HOUSES_NEEDED]
    more = [{"quarter_id": quarter} if by_quarter else {} for _cell, quarter in few]
    rows = [thin(fine=cell, coarse=h3.cell_to_parent(cell, COARSE), **named) for (cell, _q), named in zip(few, more)]
    thin.objects.bulk_create(rows, batch_size=500)


def forwards(apps, schema_editor):
    _measure(apps, by_quarter=True)


def backwards(apps, schema_editor):
    _measure(apps, by_quarter=False)


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0005_first_visits_single'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, backwards),
        migrations.DeleteModel(name='CellSize'),
        migrations.CreateModel(
            name='CellSize',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fine', models.CharField(db_index=True, max_length=16)),
                ('coarse', models.CharField(max_length=16)),
                ('quarter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.quarter')),
            ],
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
