"""Reaching people: one row per thing somebody must hear, written with the change, delivered by the way they chose."""
