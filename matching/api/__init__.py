"""The JSON door of matching."""
