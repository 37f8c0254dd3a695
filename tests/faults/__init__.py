"""
What the live talk promises, tried while things break: `./run faults`, and a short version in the tests.

`history.py` keeps what every device did and saw, `checker.py` says which promise a history breaks, `devices.py` talks,
`houses.py` starts, kills and stops what there is, `__main__.py` puts them together.
"""
