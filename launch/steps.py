"""What the person sees while things start: one line per step with its seconds, then one table."""

import base64
import binascii
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch.federation import Federation
from launch.node import HUB
from launch.words import table, width

STEP_WIDTH = 28


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print the step's name, do it, print how long it took."""
    print(f"· {name}{' ' * (STEP_WIDTH - width(name))}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("未完成", flush=True)
        raise
    print(f"{time.monotonic() - began:5.1f} 秒", flush=True)


def overview(federation: Federation) -> str:
    """The one table: node, address, what to try, who may log in."""
    names = node_names(federation.state / "directory.json")
    provinces = [code for code in federation.nodes if code != HUB]
    rows = [
        (f"{code} {names.get(code, '')}".strip(), federation.url(code), *_hints(code, provinces))
        for code in federation.nodes
    ]
    return table([("节点", "网址", "可以试试", "演示账号"), *rows])


def _hints(code: str, provinces: list[str]) -> tuple[str, str]:
    if code == HUB:
        return "事项目录、节点往来", f"operator-{HUB}"
    place = next((other for other in provinces if other != code), code)
    accounts = f"citizen-{code}-1  clerk-{code}  officer-{code}  operator-{code}"
    return f"在这里申请属地为 {place} 的事项，到 {place} 受理", accounts


def node_names(directory: Path) -> dict[str, str]:
    """Code to name, as the signed directory says; its signature is the nodes' business."""
    try:
        payload = json.loads(directory.read_text("utf-8"))["payload"]
        nodes = json.loads(base64.urlsafe_b64decode(payload + "=="))["nodes"]
    except (OSError, ValueError, KeyError, TypeError, binascii.Error):
        return {}
    return {node["code"]: node.get("name", "") for node in nodes}


def speak_utf8() -> None:
    """A terminal that cannot show Chinese gets escapes, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
