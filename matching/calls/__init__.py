"""
The call list: whom the office calls, why, what to say, and what each answer does.

A line is worked out from the states each time (`registry`, `sources`); kept is only what was tried (`models.Call`).
"""

from matching.calls.registry import Answer, CallLine, Source, Spares, register

__all__ = ["Answer", "CallLine", "Source", "Spares", "register"]
