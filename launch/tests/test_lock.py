import os
import signal

import pytest

from launch.lock import FolderLock
from launch.processes import wait_until
from launch.tests import build
from launch.words import Trouble

HOLD = """
import signal
from pathlib import Path
from launch.lock import FolderLock
lock = FolderLock(Path({folder!r}))
lock.take()
print("held")
signal.pause()
"""


def test_a_second_launcher_is_told_who_uses_the_folder(tmp_path):
    first = FolderLock(tmp_path)
    first.take()
    with pytest.raises(Trouble, match=str(os.getpid())):
        FolderLock(tmp_path).take()
    first.release()


def test_a_released_folder_can_be_taken_again(tmp_path):
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.take()
    first.release()
    second.take()
    assert (tmp_path / "lock").read_text() == str(os.getpid())
    second.release()


def test_a_launcher_killed_without_a_word_leaves_the_folder_free(tmp_path):
    holder = build.child(HOLD.format(folder=str(tmp_path / "state")), tmp_path)
    assert wait_until(lambda: "held" in holder.log.read_text(), seconds=10)
    with pytest.raises(Trouble):
        FolderLock(tmp_path / "state").take()
    os.kill(holder.pid, signal.SIGKILL)
    holder.kill()
    lock = FolderLock(tmp_path / "state")
    lock.take()
    lock.release()
