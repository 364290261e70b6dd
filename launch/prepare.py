"""Bring the nodes to the state their code asks for: keys, tables, ground data, items, directory, static files.

What is unchanged since last time is skipped, judged by a digest over the code and data of the program.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from launch.databases import Databases
from launch.node import HUB, Node
from launch.paths import LOCK, ROOT, STATIC

AT_ONCE = 2
PREPARED = "prepared.json"
IRRELEVANT = {"__pycache__", "tests"}


def fingerprint(paths: Iterable[Path]) -> str:
    """A digest over names and contents of all files below the paths."""
    digest = hashlib.sha256()
    for top in paths:
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and IRRELEVANT.isdisjoint(path.parts):
                digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def program_fingerprint() -> str:
    """Over everything that decides what lies in a fresh node; its pages do not."""
    apps = sorted(path for path in (ROOT / "tongban").iterdir() if path.name not in ("web", "api"))
    return fingerprint([*apps, LOCK])


def prepare(nodes: Mapping[str, Node], databases: Databases, state: Path) -> bool:
    """Prepare every node; tells whether anything had to be done. Raises Trouble `command_failed`.

    Keys come first and the directory second: what is loaded afterwards is announced to the nodes in the directory.
    """
    program = program_fingerprint()
    noted = _read(state)
    created = [node for node in nodes if databases.ensure(node)]
    wanted = {code: _note(node, nodes, program, databases) for code, node in nodes.items()}
    due = [node for code, node in nodes.items() if code in created or wanted[code] != noted.get(code)]
    endpoints = {code: node.url for code, node in sorted(nodes.items())}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(_make_keys, due))
        if due or noted.get("directory") != endpoints or not (state / "directory.json").exists():
            _make_directory(nodes, endpoints)
            noted["directory"] = endpoints
            _write(state, noted)
        for node in pool.map(_load, due):
            noted[node.code] = wanted[node.code]
            _write(state, noted)
    return bool(due)


def collect_static(node: Node) -> None:
    """Gather style sheets and scripts once for all nodes, when one of them changed."""
    sources = [*(ROOT / "tongban").glob("**/static"), ROOT / "package-lock.json", ROOT / "tongban/settings.py"]
    wanted = fingerprint(path for path in sorted(sources) if path.exists())
    stamp = STATIC.parent / "static.stamp"
    if STATIC.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    STATIC.mkdir(parents=True, exist_ok=True)
    node.command("collectstatic", "--no-input", "--verbosity=0")
    stamp.write_text(wanted)


def _make_keys(node: Node) -> None:
    (node.folder / "files").mkdir(parents=True, exist_ok=True)
    node.command("make_keys")


def _load(node: Node) -> Node:
    node.command("load_node", owner=True)
    return node


def _make_directory(nodes: Mapping[str, Node], endpoints: Mapping[str, str]) -> None:
    signer = nodes.get(HUB) or next(iter(nodes.values()))
    signer.command("make_directory", *(f"--node={code}={url}" for code, url in endpoints.items()))


def _note(node: Node, nodes: Mapping[str, Node], program: str, databases: Databases) -> dict[str, str]:
    peers = ",".join(sorted(nodes))
    return {"program": program, "mode": node.mode, "peers": peers, "database": databases.identity(node.code)}


def _read(state: Path) -> dict[str, object]:
    path = state / PREPARED
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _write(state: Path, noted: Mapping[str, object]) -> None:
    unfinished = state / f"{PREPARED}.new"
    unfinished.write_text(json.dumps(noted, indent=1, sort_keys=True))
    unfinished.replace(state / PREPARED)
