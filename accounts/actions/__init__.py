"""Verbs about people: one function per thing a person can do."""
