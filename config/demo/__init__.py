"""
The demo city: invented people in Leverkusen's 13 Stadtteile, the same ones on every run, relative to today.

Nothing here is used by the service itself; `manage.py seed_demo` and the pages under /demo/ are its only doors.
"""
