"""`run.py up` as a person runs it: it starts, is stopped in every way, and finds its data again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from launch.federation import forget
from launch.leftovers import holders
from launch.node import ask
from launch.paths import ROOT
from launch.ports import free_ports
from launch.processes import wait_until

pytestmark = pytest.mark.journey
PATIENCE = 120


def without_server() -> dict[str, str]:
    """The environment of a person who has no database server of his own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}


class Run:
    """One `run.py up` of the hub and Anhui on a state of its own."""

    def __init__(self) -> None:
        self.state = Path(tempfile.mkdtemp(prefix="tongban-up-"))
        self.state.chmod(0o711)
        self.ports = free_ports(2)

    def start(self) -> None:
        ports = ",".join(map(str, self.ports))
        command = [sys.executable, "run.py", "up", "--nodes", "00,34", "--ports", ports, "--state", str(self.state)]
        self.output = (self.state / "output").open("w+")
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=self.output, stderr=self.output, env=without_server())
        assert wait_until(self.is_up_or_over, seconds=PATIENCE, step=0.2)
        assert "Ctrl-C" in self.said(), self.said()

    def is_up_or_over(self) -> bool:
        return "Ctrl-C" in self.said() or self.process.poll() is not None

    def said(self) -> str:
        return (self.state / "output").read_text("utf-8")

    def children(self) -> list[int]:
        """The web processes of Anhui, whatever they started included."""
        wanted = f"--port\0{self.ports[1]}\0".encode()
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if wanted in _read(path)]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def nothing_is_left(self) -> bool:
        silent = all(ask(port, "/healthz") == "ConnectionRefusedError" for port in self.ports)
        return silent and not holders(self.state / "postgres" / "cluster" / "data")

    def forget(self) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGTERM)
        self.output.close()
        forget(self.state)
        shutil.rmtree(self.state)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def started():
    run = Run()
    try:
        run.start()
        yield run
    finally:
        run.forget()


@pytest.fixture
def running(started):
    if started.process.poll() is not None:
        started.output.close()
        started.start()
    return started


def test_the_table_names_every_node_and_who_may_log_in(running):
    assert all(f"http://127.0.0.1:{port}" in running.said() for port in running.ports)
    assert "officer-34" in running.said()
    assert "安徽" in running.said()


def test_ctrl_c_stops_everything_and_is_no_failure(running):
    assert running.end(signal.SIGINT) == 0
    assert running.nothing_is_left()


def test_a_termination_stops_everything_too(running):
    assert running.end(signal.SIGTERM) == 0
    assert running.nothing_is_left()


def test_a_launcher_killed_without_a_word_takes_everything_along(running):
    running.end(signal.SIGKILL)
    assert wait_until(running.nothing_is_left, seconds=20)


def test_a_child_that_dies_is_one_sentence_and_exit_code_6(running):
    for pid in running.children():
        os.kill(pid, signal.SIGKILL)
    assert running.process.wait(60) == 6
    assert "节点 34 的网站进程意外退出" in running.said()
    assert wait_until(running.nothing_is_left, seconds=5)


def test_a_second_launcher_on_the_same_state_names_the_first(running):
    ports = ",".join(map(str, free_ports(2)))
    command = [sys.executable, "run.py", "up", "--nodes", "00,34", "--ports", ports, "--state", str(running.state)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=without_server())
    assert done.returncode == 5
    assert str(running.process.pid) in done.stderr
