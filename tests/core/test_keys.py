"""Keys in order are still keys nobody guesses."""

import copy
import pickle
import time
from uuid import UUID, uuid4

import pytest

from core.keys import Key, key_of_now


def test_it_is_a_uuid_of_version_seven_made_now():
    key = key_of_now()
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert abs((key.int >> 80) - time.time() * 1000) < 5000


def test_later_keys_are_larger_and_none_comes_twice():
    first = key_of_now()
    time.sleep(0.002)
    assert first < key_of_now()
    assert len({key_of_now() for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize("text", ["{}", "urn:uuid:{}", "{{{}}}"])
def test_a_key_that_keeps_its_texts_is_the_same_as_the_plain_one(text):
    plain = uuid4()
    key = Key(text.format(plain))
    assert Key(str(plain).upper()) == plain
    assert (key, str(key), f"{key}", key.hex, key.is_safe) == (plain, str(plain), f"{plain}", plain.hex, plain.is_safe)
    assert {key: 1}[plain] == 1
    assert sorted([key, UUID(int=0)]) == [UUID(int=0), plain]
    assert Key(plain.hex) == plain


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda key: pickle.loads(pickle.dumps(key))])  # noqa: S301 - our own
def test_a_copy_of_it_keeps_them_too(again):
    key = again(Key("0192f3a0-0000-7000-8000-0000000000ff"))
    assert (str(key), key.hex) == ("0192f3a0-0000-7000-8000-0000000000ff", "0192f3a0000070008000" + "0" * 10 + "ff")


@pytest.mark.parametrize(
    "text", ["", "x" * 36, "0192f3a0-0000-7000-8000-0000000000f", "0192f3a0-0000-7000-8000-00000000\n0ff"]
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError):
        Key(text)
