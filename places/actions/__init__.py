"""Verbs about places: find and save an address, import quarters and houses."""
