"""The JSON door of accounts."""
