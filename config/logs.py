"""
What the service writes down: events and ids, never bodies, query strings, names or addresses.

Everybody logs with `logging.getLogger("gemeinsinn.<app>")`; here it becomes one line, for people or as JSON.
"""

import logging
import traceback
from typing import Any

import structlog

# Their messages speak of our code. Any other exception may carry a person's data (PostgreSQL quotes the whole row).
_ABOUT_CODE = ("AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "TypeError", "ImproperlyConfigured")


def frames_only(logger: Any, method: str, event: dict) -> dict:
    """Turn an exception into its kind and the lines it came through; its message only where that speaks of code."""
    exc_info = event.pop("exc_info", None)
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if not isinstance(error, BaseException):
        return event
    event["error"] = type(error).__name__
    if type(error).__name__ in _ABOUT_CODE:
        event["error"] += f": {error}"
    event["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)][-12:]
    return event


class NoQuotedErrors(logging.Filter):
    """Libraries that put the exception's text into the sentence itself say only that it happened."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.args and not record.name.startswith("gemeinsinn"):
            record.msg, record.args = str(record.msg).split(":")[0].split("%")[0].strip(), ()
        return True


def logging_config(*, as_json: bool) -> dict:
    """The LOGGING setting: one handler to standard error, no access log, no mails."""
    last = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    first = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        frames_only,
    ]
    house = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        "foreign_pre_chain": first,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"house": house},
        "filters": {"no_quoted_errors": {"()": NoQuotedErrors}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "house", "filters": ["no_quoted_errors"]}
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "gemeinsinn": {"level": "INFO"},
            # Django's own handlers would print every 4xx and mail every 5xx.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
