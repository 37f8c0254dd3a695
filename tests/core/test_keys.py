"""Keys in order are still keys nobody guesses."""

import time

from core.keys import key_of_now


def test_it_is_a_uuid_of_version_seven_made_now():
    key = key_of_now()
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert abs((key.int >> 80) - time.time() * 1000) < 5000


def test_later_keys_are_larger_and_none_comes_twice():
    first = key_of_now()
    time.sleep(0.002)
    assert first < key_of_now()
    assert len({key_of_now() for _ in range(10_000)}) == 10_000
