import json

import pytest
from django.core.management import CommandError, call_command

from tongban.base import keys
from tongban.base.seal import from_b64url
from tongban.exchange import queries

NODES = {"00": "http://127.0.0.1:8000", "34": "http://127.0.0.1:8001"}


@pytest.fixture(autouse=True)
def hub(settings, tmp_path):
    settings.NODE, settings.STATE, settings.DIRECTORY = "00", tmp_path / "00", tmp_path / "directory.json"
    for code in NODES:
        write_ring(tmp_path, code, [keys.ring_for_tests(code, "signing").current])


def write_ring(folder, code, ring):
    keys.write_ring(folder / code / "keys", "signing", ring)
    keys.write_public(folder / code / "keys", ring)


def make(**more):
    call_command("make_directory", node=[f"{code}={url}" for code, url in NODES.items()], verbosity=0, **more)
    return queries.directory()


def test_every_node_is_listed_with_its_address_its_key_and_a_phone():
    directory = make()
    node = directory.nodes["34"]
    assert (node.endpoint, node.name, [key.kid for key in node.keys]) == (NODES["34"], "安徽省", ["34-1"])
    assert node.phone


def test_nodes_on_the_same_machine_are_told_whom_to_trust(tmp_path, settings):
    directory = make()
    settings.NODE, settings.STATE = "34", tmp_path / "34"
    assert queries.anchors() == {"00-1": directory.nodes["00"].keys[0].public}


def test_making_it_again_counts_up_and_changes_no_key():
    first, second = make(), make()
    assert (first.version, second.version) == (1, 2)
    assert first.nodes == second.nodes


def test_a_replaced_key_gets_its_end_and_stays(tmp_path):
    make()
    old = keys.ring_for_tests("34", "signing").current
    write_ring(tmp_path, "34", [keys.Key("34-2", b"2" * 32), old])
    found = {key.kid: key.until for key in make().nodes["34"].keys}
    assert found["34-2"] is None
    assert found["34-1"] is not None


def test_a_stolen_key_is_marked():
    make()
    assert make(revoke=["34-1"]).is_revoked("34-1")


def test_the_hub_itself_may_change_its_key(tmp_path):
    make()
    old = keys.ring_for_tests("00", "signing").current
    write_ring(tmp_path, "00", [keys.Key("00-2", b"2" * 32), old])
    assert make().version == 2
    header = from_b64url(json.loads((tmp_path / "directory.json").read_text())["protected"])
    assert json.loads(header)["kid"] == "00-2"


def test_a_node_without_keys_is_named():
    with pytest.raises(CommandError, match="31"):
        call_command("make_directory", node=["31=http://127.0.0.1:8031"])
