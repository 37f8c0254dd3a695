"""Data protection that runs: the copy, the erasure and the register are read from what the models declare."""
