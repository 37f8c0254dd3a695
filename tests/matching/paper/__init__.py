"""Sheets of paper: made, opened again, and who may have them."""
