"""One measurement in a process of its own: fresh memory, a peak that is only its own."""

import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from statistics import median
from typing import Any

Line = tuple[str, float, str, str]  # figure, value, unit, against


def alone(do: Callable[..., list[Line]], *args: Any) -> list[Line]:
    """What `do` finds, run where nothing else was."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(do, *args).result()


def resident() -> float:
    """Megabytes of memory this process holds now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak() -> float:
    """The most megabytes this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def seconds(do: Callable[[], object], *, times: int = 5) -> float:
    """The median of so many runs."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        do()
        taken.append(time.perf_counter() - begin)
    return median(taken)


def each(do: Callable[[Any], object], inputs: Iterable[Any], *, times: int = 5) -> list[float]:
    """The median seconds for each of the inputs."""
    return [seconds(lambda one=one: do(one), times=times) for one in inputs]  # type: ignore[misc]


@contextmanager
def taking() -> Iterator[list[float]]:
    """A list that holds the seconds of the block once it is through."""
    found: list[float] = []
    begin = time.perf_counter()
    yield found
    found.append(time.perf_counter() - begin)
