"""The JSON door of places."""
