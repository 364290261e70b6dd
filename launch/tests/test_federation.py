"""Real nodes: they survive what is done to them, and come back from a backup."""

import json
import shutil
import tempfile
import urllib.request
from pathlib import Path

import pytest

from launch.backup import RESTORED, load, save
from launch.databases import embedded_in
from launch.federation import Federation, temporary
from launch.node import ask
from launch.processes import wait_until
from launch.words import Trouble

pytestmark = pytest.mark.journey
NODES = ("00", "34")
COUNTS = "SELECT (SELECT count(*) FROM orgs_division), (SELECT count(*) FROM people_account)"


@pytest.fixture(scope="module")
def federation():
    with temporary(NODES) as running:
        yield running


def status(federation: Federation, code: str) -> str:
    return ask(federation.nodes[code].port, "/healthz")


def test_every_node_answers(federation):
    assert {code: status(federation, code) for code in NODES} == {"00": "200", "34": "200"}


def test_a_killed_web_process_answers_again_at_the_same_address(federation):
    before = federation.url("34")
    federation.kill("34", "web")
    assert status(federation, "34") == "ConnectionRefusedError"
    federation.restart("34", "web")
    assert status(federation, "34") == "200"
    assert federation.url("34") == before


def test_a_process_that_dies_by_itself_is_named(federation):
    federation.nodes["34"].children["worker"].kill()
    with pytest.raises(Trouble, match="节点 34 的后台进程"):
        federation.raise_if_dead()
    federation.restart("34", "worker")
    federation.raise_if_dead()


def test_nodes_outlive_a_killed_database(federation):
    federation.kill_database()
    assert wait_until(lambda: status(federation, "34") == "503", seconds=20)
    federation.restart_database()
    federation.wait_until_healthy(seconds=20)
    federation.raise_if_dead()


def test_a_node_can_be_away_while_the_others_answer(federation):
    federation.stop("34")
    assert status(federation, "34") == "ConnectionRefusedError"
    assert status(federation, "00") == "200"
    federation.restart("34")
    assert status(federation, "34") == "200"


def test_style_sheets_are_served_by_the_node(federation):
    with urllib.request.urlopen(federation.url("34") + "/static/vendor/css/bootstrap.min.css") as answer:
        assert answer.headers["content-type"].startswith("text/css")


def test_a_second_launcher_of_the_same_state_is_refused(federation):
    with pytest.raises(Trouble) as refused:
        Federation.start(NODES, state=federation.state)
    assert refused.value.key == "in_use"


def test_a_backup_of_running_nodes_brings_them_back_elsewhere(federation):
    wanted = federation.sql("34", COUNTS)
    folder = Path(tempfile.mkdtemp(prefix="tongban-backup-"))
    folder.chmod(0o711)
    try:
        save(federation.state, folder / "data", folder / "keys", federation.databases)
        load(folder / "data", folder / "keys", folder / "state", embedded_in(folder / "state"))
        restored = Federation.start(NODES, state=folder / "state")
        try:
            assert restored.sql("34", COUNTS) == wanted
            assert status(restored, "34") == "200"
            assert (restored.nodes["34"].folder / RESTORED).exists()
            old, new = (each.nodes["34"].folder / "keys" / "signing" for each in (federation, restored))
            assert old.read_bytes() == new.read_bytes()
        finally:
            restored.remove()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_keys_are_not_among_the_data_of_a_backup(federation, tmp_path):
    save(federation.state, tmp_path / "data", tmp_path / "keys", federation.databases)
    secret = (federation.nodes["34"].folder / "keys" / "signing").read_text().split()[1]
    assert not any(secret.encode() in path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert secret in (tmp_path / "keys" / "34" / "signing").read_text()


def test_one_changed_byte_makes_a_backup_unusable(federation, tmp_path):
    save(federation.state, tmp_path / "data", tmp_path / "keys", federation.databases)
    dump = tmp_path / "data" / "34" / "database.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    with pytest.raises(Trouble, match=str(dump)):
        load(tmp_path / "data", tmp_path / "keys", tmp_path / "state", embedded_in(tmp_path / "state"))
    assert not (tmp_path / "state").exists()


def test_a_backup_is_never_restored_over_existing_data(federation, tmp_path):
    save(federation.state, tmp_path / "data", tmp_path / "keys", federation.databases)
    with pytest.raises(Trouble) as refused:
        load(tmp_path / "data", tmp_path / "keys", federation.state, federation.databases)
    assert refused.value.key == "restore_target_exists"


def test_the_manifest_lists_every_node_and_file(federation, tmp_path):
    save(federation.state, tmp_path / "data", tmp_path / "keys", federation.databases)
    manifest = json.loads((tmp_path / "data" / "manifest.json").read_text())
    assert manifest["nodes"] == list(NODES)
    assert {"00/database.dump", "34/database.dump", "directory.json"} <= set(manifest["contents"])


def test_one_lost_node_is_brought_back_among_the_others():
    with temporary(NODES) as running:
        folder = Path(tempfile.mkdtemp(prefix="tongban-backup-"))
        folder.chmod(0o711)
        try:
            save(running.state, folder / "data", folder / "keys", running.databases)
            hub = (running.nodes["00"].folder / "keys" / "signing").read_bytes()
            running.close()
            with running.databases.at_hand():
                running.databases.cluster.sql("DROP DATABASE tongban_34")
            shutil.rmtree(running.nodes["34"].folder)
            load(folder / "data", folder / "keys", running.state, running.databases, only="34")
            running.run()
            assert status(running, "34") == "200"
            assert (running.nodes["34"].folder / RESTORED).exists()
            assert not (running.nodes["00"].folder / RESTORED).exists()
            assert (running.nodes["00"].folder / "keys" / "signing").read_bytes() == hub
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def test_a_node_that_is_there_is_not_overwritten(federation, tmp_path):
    save(federation.state, tmp_path / "data", tmp_path / "keys", federation.databases)
    with pytest.raises(Trouble) as refused:
        load(tmp_path / "data", tmp_path / "keys", federation.state, federation.databases, only="34")
    assert refused.value.key == "restore_target_exists"
