"""The JSON door of messaging."""
