"""What a person meets at the shell: one sentence, one exit code, no traceback."""

import os
import socket
import subprocess
import sys

import pytest

from launch.environment import lock_entry
from launch.paths import LOCK, ROOT
from launch.processes import wait_until
from launch.up import codes_from
from launch.words import Trouble


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "run.py", *arguments]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=inherited | environment)


def test_a_taken_port_is_one_sentence_and_exit_code_4(tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        done = run("up", "--ports", str(port), "--state", str(tmp_path), "--nodes", "00")
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert str(port) in done.stderr


def test_nodes_that_cannot_be_meant_are_one_sentence_and_exit_code_2():
    done = run("up", "--nodes", "00,anhui")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_a_missing_state_is_one_sentence_and_exit_code_8(tmp_path):
    done = run("backup", str(tmp_path / "backup"), "--state", str(tmp_path / "nothing"))
    assert (done.returncode, done.stderr.count("\n")) == (8, 1)


def test_missing_database_programs_are_one_sentence_and_exit_code_3(tmp_path):
    done = run("test", "-q", TONGBAN_POSTGRES_BIN=str(tmp_path))
    assert done.returncode == 3
    assert str(tmp_path) in done.stderr


def test_a_terminal_without_chinese_does_not_crash():
    done = run("up", "--nodes", "34", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "\\u" in done.stderr


@pytest.mark.parametrize("text", ["", "00,00", "0", "00,340", "00,ab"])
def test_codes_of_nodes_are_two_digits_and_different(text):
    with pytest.raises(Trouble) as refused:
        codes_from(text)
    assert refused.value.key == "bad_nodes"


def test_a_federation_without_the_hub_is_refused():
    with pytest.raises(Trouble) as refused:
        codes_from("34,31")
    assert refused.value.key == "hub_missing"


def test_every_locked_package_has_a_hash_and_no_address_is_named():
    text = LOCK.read_text("utf-8")
    names = [line.split("==")[0] for line in text.splitlines() if "==" in line]
    assert "django" in names
    assert all("--hash=sha256:" in lock_entry(name) for name in names)
    assert "://" not in text


def test_the_lock_of_the_assets_names_no_address():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")


def test_a_terminated_test_run_leaves_no_server_behind(tmp_path):
    # A pause for ever would miss a signal that comes just before it.
    long = "import signal\n\ndef test_long():\n    print('begun')\n    while True:\n        "
    long += "signal.sigtimedwait((), 0.05)\n"
    (tmp_path / "test_long.py").write_text(long)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    command = [sys.executable, "run.py", "test", "-s", "-q", "-p", "no:xdist", str(tmp_path / "test_long.py")]
    with (tmp_path / "output").open("w") as output:
        environment = {**inherited, "TMPDIR": str(tmp_path)}
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=environment)
        assert wait_until(lambda: "begun" in (tmp_path / "output").read_text(), seconds=60)
        assert list(tmp_path.glob("tongban-test-*"))
        process.terminate()
        assert process.wait(30) == 143
    assert not list(tmp_path.glob("tongban-test-*"))
