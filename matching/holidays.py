from datetime import date
from functools import lru_cache

import holidays as _h


@lru_cache(maxsize=256)
def holidays_between(first: date, last: date) -> frozenset[date]:
    found = _h.country_holidays("DE", subdiv="NW", years=range(first.year, last.year + 1))
    return frozenset(day for day in found if first <= day <= last)
