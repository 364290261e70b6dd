import stat

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.base import keys

RING = keys.ring_for_tests("34", "field")
OTHER = keys.Ring((keys.new_key("34", RING), *RING.keys))


@given(some.binary(max_size=200))
def test_what_is_encrypted_opens_again_also_after_a_new_key(content):
    stored = keys.encrypt(RING, content, "place")
    assert keys.decrypt(OTHER, stored, "place") == content
    assert not keys.is_current(OTHER, stored)
    assert keys.is_current(OTHER, keys.encrypt(OTHER, content, "place"))


def test_what_lies_under_an_older_key_is_encrypted_again_and_nothing_else():
    again = keys.encrypt_again(OTHER, keys.encrypt(RING, b"text", "place"), "place")
    assert again is not None
    assert keys.decrypt(keys.Ring(OTHER.keys[:1]), again, "place") == b"text"
    assert keys.encrypt_again(OTHER, again, "place") is None


def test_the_same_text_is_never_encrypted_alike():
    assert keys.encrypt(RING, b"text", "place") != keys.encrypt(RING, b"text", "place")


def test_bytes_moved_to_another_place_do_not_open():
    with pytest.raises(ValueError, match="do not open"):
        keys.decrypt(RING, keys.encrypt(RING, b"text", "place"), "other place")


@given(some.integers(min_value=0, max_value=30))
def test_a_changed_byte_is_noticed(place):
    stored = bytearray(keys.encrypt(RING, b"text", "place"))
    stored[place % len(stored)] ^= 1
    with pytest.raises(ValueError, match="these bytes"):
        keys.decrypt(RING, bytes(stored), "place")


@given(some.binary(max_size=60))
def test_bytes_from_elsewhere_are_refused(stored):
    with pytest.raises(ValueError, match="these bytes"):
        keys.decrypt(RING, stored, "place")


def test_a_key_that_was_dropped_no_longer_opens():
    stored = keys.encrypt(RING, b"text", "place")
    with pytest.raises(ValueError, match="do not open"):
        keys.decrypt(keys.Ring((keys.new_key("34", RING),)), stored, "place")


def test_a_hash_differs_by_key_and_purpose():
    hashes = {keys.keyed_hash(key, purpose, "text") for key in OTHER.keys for purpose in ("people", "journal")}
    assert len(hashes) == 4


def test_a_written_ring_reads_back_and_only_its_owner_may_read_it(tmp_path):
    keys.write_ring(tmp_path / "keys", "field", OTHER.keys)
    assert keys.read_ring(tmp_path / "keys", "field") == OTHER
    assert stat.S_IMODE((tmp_path / "keys" / "field").stat().st_mode) == 0o600
    assert OTHER.current.name == "34-2"


def test_a_changed_file_is_read_again_while_running(tmp_path):
    keys.write_ring(tmp_path, "field", RING.keys)
    assert keys.node_ring(tmp_path, "field", node="34", mode="production") == RING
    keys.write_ring(tmp_path, "field", OTHER.keys)
    assert keys.node_ring(tmp_path, "field", node="34", mode="production") == OTHER


def test_a_missing_empty_or_short_key_file_says_what_to_do(tmp_path):
    with pytest.raises(RuntimeError, match="make_keys"):
        keys.node_ring(tmp_path, "field", node="34", mode="production")
    (tmp_path / "field").write_text("")
    with pytest.raises(RuntimeError, match="backup"):
        keys.read_ring(tmp_path, "field")
    (tmp_path / "field").write_text("34-1 AAAA\n")
    with pytest.raises(RuntimeError, match="bytes long"):
        keys.read_ring(tmp_path, "field")


def test_the_public_halves_are_published_without_the_private_ones(tmp_path):
    keys.write_public(tmp_path, OTHER.keys)
    published = keys.read_public(tmp_path)
    assert [name for name, _ in published] == ["34-2", "34-1"]
    assert published[1][1] == keys.public_bytes(keys.signer(RING).key)
    assert not {half for _, half in published} & {key.secret for key in OTHER.keys}
