"""When somebody may be told: quiet hours and the daily digest, in local time of day, whatever the clocks do. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

DIGEST_MINUTE = 17 * 60  # local, before most people's quiet hours
DAY = timedelta(days=1)


def after_quiet(moment: datetime, *, quiet_from: int, quiet_until: int) -> datetime:
    """
    `moment` itself, or the end of the quiet hours it falls into.

    `quiet_from`, `quiet_until`: local minutes of the day, over midnight where the first is larger; equal: none.
    """
    if not is_quiet(moment, quiet_from=quiet_from, quiet_until=quiet_until):
        return moment
    return _next(quiet_until, moment)


def is_quiet(moment: datetime, *, quiet_from: int, quiet_until: int) -> bool:
    local = timezone.localtime(moment)
    minute = local.hour * 60 + local.minute
    if quiet_from <= quiet_until:
        return quiet_from <= minute < quiet_until
    return minute >= quiet_from or minute < quiet_until


def digest_after(moment: datetime) -> datetime:
    """The first digest at or after this moment."""
    return _next(DIGEST_MINUTE, moment)


def _next(minute: int, moment: datetime) -> datetime:
    """The first time at or after `moment` that the clock on the wall shows this minute of the day."""
    moment = moment.astimezone(UTC)  # in one zone Python compares walls, not moments
    today = timezone.localdate(moment)
    times = [moment_at for day in (today, today + DAY) for moment_at in _on(day, minute)]
    return min(one for one in times if one >= moment)


def _on(day: date, minute: int) -> list[datetime]:
    """When the clock shows it: twice in the night of autumn; in that of spring as long after the gap."""
    wall = datetime.combine(day, time(*divmod(minute, 60)))
    first, second = timezone.make_aware(wall), timezone.make_aware(wall.replace(fold=1))
    is_there = timezone.localtime(second.astimezone(UTC)).replace(tzinfo=None, fold=0) == wall
    return [one.astimezone(UTC) for one in ([first, second] if is_there else [first])]
