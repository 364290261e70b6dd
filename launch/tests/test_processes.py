import os
import signal
import sys
import threading
from pathlib import Path

from launch.paths import ROOT
from launch.processes import LOG_LIMIT, Child, describe_end, wait_until
from launch.tests import build

PARENT = """
import signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(child.pid, flush=True)
signal.pause()
"""
LAUNCHER = """
import os, signal
from pathlib import Path
from launch.paths import ROOT
from launch.processes import Child
here = Path.cwd()
child = Child(["/bin/sleep", "60"], log=here / "inner.log", environment=os.environ, folder=here)
print(child.pid, flush=True)
signal.pause()
"""


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def printed_pid(child: Child) -> int:
    assert wait_until(lambda: child.log.read_text().strip().isdigit(), seconds=20)
    return int(child.log.read_text())


def test_a_kill_takes_everything_the_process_started(tmp_path):
    parent = build.child(PARENT, tmp_path)
    grandchild = printed_pid(parent)
    parent.kill()
    assert wait_until(lambda: not running(grandchild), seconds=5)


def test_a_child_ends_when_its_launcher_is_killed(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", LAUNCHER]
    launcher = Child(command, log=tmp_path / "child.log", environment=environment, folder=tmp_path)
    inner = printed_pid(launcher)
    os.kill(launcher.pid, signal.SIGKILL)
    assert wait_until(lambda: not running(inner), seconds=5)
    launcher.kill()


def test_a_child_outlives_the_thread_that_asked_for_it(tmp_path):
    started: list[Child] = []
    thread = threading.Thread(target=lambda: started.append(build.child("import signal; signal.pause()", tmp_path)))
    thread.start()
    thread.join()
    assert not wait_until(lambda: not started[0].alive(), seconds=0.5)
    started[0].kill()


def test_a_process_that_does_not_listen_is_killed_after_its_time(tmp_path):
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); signal.pause()"
    deaf = build.child(code, tmp_path)
    assert wait_until(lambda: "deaf" in deaf.log.read_text(), seconds=10)
    deaf.stop(seconds=0.3)
    assert deaf.how_it_ended() == "SIGKILL"


def test_the_last_words_of_a_dead_child_are_known(tmp_path):
    child = build.child("raise SystemExit('no table of that name')", tmp_path)
    assert wait_until(lambda: not child.alive(), seconds=10)
    assert (child.how_it_ended(), child.last_words()) == ("退出码 1", "no table of that name")


def test_a_log_that_grew_too_long_starts_anew(tmp_path):
    (tmp_path / "child.log").write_bytes(b"x" * (LOG_LIMIT + 1))
    build.child("print('new')", tmp_path).stop(seconds=10)
    assert (tmp_path / "child.log").stat().st_size < 100
    assert (tmp_path / "child.old.log").exists()


def test_an_end_by_signal_is_named():
    assert describe_end(-9) == "SIGKILL"
