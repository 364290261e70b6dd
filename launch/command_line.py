"""The commands of `run.py`."""

import argparse
import errno
import importlib.util
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from launch import backup, managing, up
from launch.assets import ensure_assets
from launch.environment import ensure_environment
from launch.paths import PYTHON, ROOT
from launch.processes import run_in_front
from launch.steps import speak_utf8, step
from launch.testing import run_tests
from launch.words import Trouble

PASSED_ON = ("test", "journey", "verify")


def main(arguments: Sequence[str]) -> int:
    """Run one command; every trouble becomes one sentence and an exit code."""
    speak_utf8()
    signal.signal(signal.SIGTERM, _leave)
    try:
        return _dispatch(arguments)
    except Trouble as trouble:
        return _say(trouble)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return _say(Trouble("no_room", path=error.filename or "数据目录"))
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return _say(Trouble("not_permitted", path=error.filename or ROOT))
        raise


def _dispatch(arguments: Sequence[str]) -> int:
    # argparse would swallow the options meant for pytest and the journey.
    if arguments and arguments[0] in PASSED_ON:
        name, rest = arguments[0], arguments[1:]
        return run_tests(rest) if name == "test" else _run_package(name, rest)
    options = _parser().parse_args(arguments)
    return int(options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="通办：一条命令启动、测试、演练、备份")
    commands = parser.add_subparsers(metavar="命令", required=True)
    start = commands.add_parser("up", help="安装所需并启动一组节点")
    up.add_arguments(start)
    start.set_defaults(run=up.up)
    fetch = commands.add_parser("install", help="只安装所需，不启动")
    fetch.set_defaults(run=_install)
    commands.add_parser("test", help="运行测试；其余参数交给 pytest", add_help=False)
    commands.add_parser("journey", help="在临时节点上把主业务跑一遍并核对", add_help=False)
    commands.add_parser("verify", help="独立核对一组节点的办件链、回执与文件", add_help=False)
    save = commands.add_parser("backup", help="备份数据库、文件与密钥")
    backup.add_backup_arguments(save)
    save.set_defaults(run=backup.backup)
    load = commands.add_parser("restore", help="把备份恢复到空目录")
    backup.add_restore_arguments(load)
    load.set_defaults(run=backup.restore)
    node = commands.add_parser("manage", help="对一个节点运行 Django 命令")
    managing.add_arguments(node)
    node.set_defaults(run=managing.manage)
    return parser


def _install(options: argparse.Namespace) -> int:  # noqa: ARG001
    with step("环境"):
        ensure_environment()
    with step("样式"):
        ensure_assets()
    return 0


def _run_package(name: str, arguments: Sequence[str]) -> int:
    if importlib.util.find_spec(f"{name}.__main__") is None:
        raise Trouble("package_missing", name=name)
    with step("环境"):
        ensure_environment()
        ensure_assets()
    return run_in_front([PYTHON, "-m", name, *arguments], environment=os.environ, folder=ROOT)


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    sys.exit(128 + number)


def _say(trouble: Trouble) -> int:
    print(str(trouble), file=sys.stderr)
    return trouble.exit_code
