"""`run.py manage`: one of Django's commands for one node of a state, whether its processes run or not."""

import argparse
import os
from pathlib import Path

from launch.databases import databases_of
from launch.environment import ensure_environment
from launch.federation import Federation
from launch.node import HUB
from launch.paths import PYTHON, ROOT, VAR
from launch.processes import run_in_front
from launch.words import Trouble

OWNERS = ("load_node", "set_up_node", "migrate", "sqlmigrate", "flush", "erase_expired")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", type=Path, default=VAR / "demo", help="数据目录（默认 var/demo）")
    parser.add_argument("--node", default=HUB, help="节点代码（默认 00）")
    mode = os.environ.get("TONGBAN_MODE", "demo")
    parser.add_argument("--mode", default=mode, choices=("demo", "test", "production"), help="运行方式（默认 demo）")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="命令及其参数，如 rotate_keys")


def manage(options: argparse.Namespace) -> int:
    """The command's own exit code. Raises Trouble `state_missing`."""
    ensure_environment()
    state: Path = options.state.resolve()
    if not (state / "nodes" / options.node).exists():
        raise Trouble("state_missing", path=state / "nodes" / options.node)
    source = databases_of(state)
    federation = Federation.plan([options.node], mode=options.mode, state=state, databases=source)
    with source.at_hand():
        node = federation.nodes[options.node]
        node.app_url, node.owner_url = source.app_url(node.code), source.owner_url(node.code)
        owner = bool(options.command) and options.command[0] in OWNERS
        environment = node.environment(owner=owner)
        return run_in_front([PYTHON, "manage.py", *options.command], environment=environment, folder=ROOT)
