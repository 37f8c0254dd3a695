"""Pages of the talk, of what is wrong in it, and of who wants no contact."""
