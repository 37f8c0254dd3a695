import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0003_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel('Notice', 'OldNotice'),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('delete_on', models.DateField(blank=True, db_index=True, null=True)),
                ('kind', models.CharField(max_length=16)),
                ('event', models.CharField(max_length=80)),
                ('about', models.UUIDField(null=True)),
                ('thread', models.UUIDField(null=True)),
                ('urgent', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'wartet'), ('sending', 'unterwegs'), ('sent', 'gesendet'), ('seen', 'schon gesehen'), ('over', 'hat sich erledigt'), ('unwanted', 'nicht gewünscht'), ('to_call', 'Büro ruft an'), ('listed', 'Büro weiß Bescheid'), ('called', 'Büro hat angerufen'), ('to_print', 'Brief wird gedruckt'), ('printed', 'Brief ist unterwegs'), ('failed', 'konnte nicht zugestellt werden')], default='waiting', max_length=8)),
                ('way', models.CharField(blank=True, choices=[('mail', 'per E-Mail'), ('sms', 'per SMS'), ('call', 'Anruf vom Quartiersbüro'), ('letter', 'per Brief'), ('none', 'gar nicht')], max_length=6)),
                ('used', models.JSONField(default=list, help_text='[[way, ISO moment], ...] told so far')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
                ('claim', models.UUIDField(null=True)),
                ('claimed_until', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('reference', models.CharField(blank=True, max_length=80)),
                ('told_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'messaging_outbox',
                'ordering': ['-written_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NoticeWish',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('delete_on', models.DateField(blank=True, db_index=True, null=True)),
                ('ways', models.JSONField(default=dict, help_text='topic -> way, where it is not the default')),
                ('sms_if_urgent', models.BooleanField(default=False)),
                ('quiet_from', models.PositiveSmallIntegerField(default=1200, help_text='local minute of the day')),
                ('quiet_until', models.PositiveSmallIntegerField(default=480, help_text='equal to quiet_from: no quiet hours')),
                ('digest', models.BooleanField(default=False)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_wish', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['state', 'due_at'], name='notices_due'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['thread', 'person'], name='notices_of_a_talk'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('person', 'event'), name='everybody_is_told_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'message'), ('state', 'waiting')), fields=('thread', 'person'), name='one_notice_waits_for_new_messages'),
        ),
        migrations.AddConstraint(
            model_name='noticewish',
            constraint=models.CheckConstraint(condition=models.Q(('quiet_from__lt', 1440), ('quiet_until__lt', 1440)), name='quiet_hours_are_of_a_day'),
        ),
    ]
