"""Measurements: ratios against a named rival in the same run. `./run bench NAME [--quick]` writes bench/RESULTS.md."""
