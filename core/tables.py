"""Tables to take along."""

FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # a table program would compute these, also the wide ones


def unformulated(text: str) -> str:
    """Text that a table program shows as text."""
    return f"'{text}" if text.startswith(FORMULA) else text
