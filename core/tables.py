"""Tables to take along."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a table program would compute instead of show


def unformulated(text: str) -> str:
    """Text that a table program shows as text."""
    return f"'{text}" if text.startswith(FORMULA) else text
