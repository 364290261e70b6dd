"""`run.py up`: from a clean clone to a federation that answers, and a clean end."""

import argparse
import signal
import time
from pathlib import Path
from types import FrameType

from launch.assets import ensure_assets
from launch.databases import databases_of
from launch.environment import ensure_environment, raise_if_little_room
from launch.federation import Federation, forget
from launch.node import HUB
from launch.paths import VAR
from launch.ports import ports_from, raise_if_taken
from launch.steps import overview, step
from launch.words import Trouble

DATA_MB = 300
WATCH_SECONDS = 0.3
PASSWORD = "tongban-demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--nodes", default="00,34,31", help="节点代码，00 是国家枢纽（默认 00,34,31）")
    parser.add_argument("--ports", default="8000", help="起始端口，或与节点一样多的端口（默认 8000）")
    parser.add_argument("--state", type=Path, default=VAR / "demo", help="数据目录（默认 var/demo）")
    parser.add_argument("--fresh", action="store_true", help="删除该目录中的数据，从头开始")


def up(options: argparse.Namespace) -> int:
    """Runs until Ctrl-C or until a process dies. Raises Trouble."""
    codes = codes_from(options.nodes)
    ports = ports_from(options.ports, len(codes))
    raise_if_taken(ports)
    stop_like_ctrl_c()
    with step("环境"):
        ensure_environment()
    with step("样式"):
        ensure_assets()
    if options.fresh:
        with step("清除旧数据"):
            forget(options.state)
    options.state.mkdir(parents=True, exist_ok=True)
    raise_if_little_room(options.state, DATA_MB)
    federation = Federation.plan(
        codes, ports=ports, mode="demo", state=options.state, databases=databases_of(options.state.resolve())
    )
    try:
        _start(federation)
        while True:
            federation.raise_if_dead()
            time.sleep(WATCH_SECONDS)
    except KeyboardInterrupt:
        return 0
    finally:
        _end(federation)


def codes_from(text: str) -> list[str]:
    """`00,34,31` as codes. Raises Trouble `bad_nodes` or `hub_missing`."""
    codes = text.split(",")
    if not all(len(code) == 2 and code.isdecimal() for code in codes) or len(set(codes)) != len(codes):
        raise Trouble("bad_nodes", text=text)
    if HUB not in codes:
        raise Trouble("hub_missing")
    return codes


def stop_like_ctrl_c() -> None:
    """A termination request or a closed terminal ends everything as cleanly as Ctrl-C."""

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _start(federation: Federation) -> None:
    federation.take()
    with step("数据库"):
        federation.start_database()
    with step("节点数据"):
        federation.prepare()
    with step("启动节点"):
        federation.start_processes()
    print(f"\n{overview(federation)}\n\n口令都是 {PASSWORD}。按 Ctrl-C 停止；再次运行会接着用现有数据。", flush=True)


def _end(federation: Federation) -> None:
    """Further Ctrl-C while stopping would only leave something behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    print()
    with step("停止"):
        federation.close()
