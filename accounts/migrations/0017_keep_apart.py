"""Somebody says in advance whom they must never meet; who it turns out to be is tied by a block with the entry."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_who_acts_has_agreed'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeepApart',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=40)),
                ('names', models.JSONField(default=list)),
                ('birthday', models.CharField(blank=True, db_index=True, max_length=64)),
                ('phone', models.CharField(blank=True, db_index=True, max_length=64)),
                ('email', models.CharField(blank=True, db_index=True, max_length=64)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keeps_apart', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['since', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('birthday', ''), ('email', ''), ('phone', ''), _negated=True), name='more_than_a_name_keeps_apart')],
            },
        ),
        migrations.AddField(
            model_name='block',
            name='entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='accounts.keepapart'),
        ),
        migrations.RemoveConstraint(
            model_name='block',
            name='blocked_once',
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.UniqueConstraint(condition=models.Q(('entry', None)), fields=('blocker', 'blocked'), name='blocked_once'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.UniqueConstraint(condition=models.Q(('entry__isnull', False)), fields=('entry', 'blocked'), name='tied_once_by_an_entry'),
        ),
    ]
