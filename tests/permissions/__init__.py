"""Who gets what at which door: every address and method, every field, every frame, for every kind of person."""
