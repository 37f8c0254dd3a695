"""Looking at other processes of this machine, by way of /proc."""

from pathlib import Path


def children_of(pid: int) -> list[int]:
    """The processes that this one started and that still run; none where it is gone."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
