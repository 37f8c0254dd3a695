"""The desk's pages, split by noun."""
