"""Doors of the resident's and the volunteer's pages: read, call one verb, answer."""
