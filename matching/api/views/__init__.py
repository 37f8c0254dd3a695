"""The resources of matching, by noun: find as this person, call one verb, answer."""
