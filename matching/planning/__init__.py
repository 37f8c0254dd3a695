"""
The pure solver of a round: arrays of whole numbers in, the best pairing out, proven. Knows no database and no Django.

`solve` once, or keep a `Plan` and change it; both reach the same optimum.
"""

from matching.planning.problem import Problem, Solution, Together
from matching.planning.solving import solve

__all__ = ["Problem", "Solution", "Together", "solve"]
