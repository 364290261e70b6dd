"""`run.py backup` and `restore`: databases and files in one folder, keys in another, both checked against a manifest.

The database is written first and the files after it: contents are stored before the rows that name them, so every row
of the backup finds its file. Backing up works while the nodes run.
"""

import argparse
import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from launch.databases import Databases, databases_of
from launch.environment import ensure_environment
from launch.federation import KEPT
from launch.lock import FolderLock
from launch.paths import VAR
from launch.steps import step
from launch.words import Trouble

VERSION = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"

# Written beside the keys of a restored node: it stays read-only until its peers have told what it forgot.
RESTORED = "restored"


def add_backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="备份写到这个空目录")
    parser.add_argument("--keys", type=Path, help="密钥另存的目录（默认：备份目录名加 -keys）")
    parser.add_argument("--state", type=Path, default=VAR / "demo", help="数据目录（默认 var/demo）")


def add_restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="备份所在的目录")
    parser.add_argument("--keys", type=Path, help="密钥所在的目录（默认：备份目录名加 -keys）")
    parser.add_argument("--state", type=Path, required=True, help="恢复到这个空目录（用 --node 时可以已有）")
    parser.add_argument("--node", default="", metavar="CODE", help="只恢复这个节点（默认：备份里的全部节点）")


def backup(options: argparse.Namespace) -> int:
    """Save every node of a state. Raises Trouble `state_missing` or `backup_target_exists`."""
    ensure_environment()
    state = options.state.resolve()
    save(state, options.folder.resolve(), _keys_folder(options), databases_of(state))
    print(f"备份在 {options.folder}，密钥在 {_keys_folder(options)}：请分开保管。")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Bring a backup into an empty state. Raises Trouble before anything is written when the backup is not whole."""
    ensure_environment()
    state = options.state.resolve()
    load(options.folder.resolve(), _keys_folder(options), state, databases_of(state), only=options.node)
    print(f"已恢复到 {options.state}：用 run.py up --state {options.state} 启动。")
    return 0


def save(state: Path, folder: Path, keys: Path, databases: Databases) -> None:
    """Write databases and files to one folder, keys to the other."""
    codes = sorted(path.name for path in (state / "nodes").glob("[0-9][0-9]"))
    if not codes:
        raise Trouble("state_missing", path=state)
    for target in (folder, keys):
        if target.exists() and any(target.iterdir()):
            raise Trouble("backup_target_exists", path=target)
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with databases.at_hand():
        for code in codes:
            with step(f"备份节点 {code}"):
                _save_node(databases, state / "nodes" / code, folder / code, keys / code)
    _copy_kept(state, folder)
    manifest = {"version": VERSION, "made_at": _now(), "nodes": codes}
    manifest |= {"contents": _digests(folder), "keys": _digests(keys)}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")


def load(folder: Path, keys: Path, state: Path, databases: Databases, *, only: str = "") -> None:
    """Check every byte against the manifest, then write databases, files and keys to an empty state.

    only: code of a node that was lost alone, back into the state of the others. Raises Trouble before anything is
    written where the backup is not whole, or data lies where it would be written.
    """
    manifest = read_manifest(folder)
    _raise_if_damaged(folder, manifest["contents"])
    _raise_if_damaged(keys, manifest["keys"])
    target = state / "nodes" / only if only else state
    if only and only not in manifest["nodes"]:
        raise Trouble("backup_unreadable", path=folder / only)
    if target.exists() and any(target.iterdir()):
        raise Trouble("restore_target_exists", path=target)
    lock = FolderLock(state)
    lock.take()
    try:
        with databases.at_hand():
            for code in [only] if only else manifest["nodes"]:
                with step(f"恢复节点 {code}"):
                    bring_back(code, state, folder, keys, databases)
        _copy_kept(folder, state)
    finally:
        lock.release()


def bring_back(code: str, state: Path, folder: Path, keys: Path, databases: Databases) -> None:
    """Write one node of a backup to its place in the state; first of all the mark that it was restored."""
    node = state / "nodes" / code
    node.mkdir(parents=True, exist_ok=True)
    (node / RESTORED).write_text(_now(), "utf-8")
    databases.ensure(code)
    address = databases.admin_url(code)
    options = ("--exit-on-error", "--single-transaction", f"--dbname={address}")
    databases.run("pg_restore", *options, folder / code / DUMP)
    _copy_tree(folder / code / "files", node / "files")
    _copy_tree(keys / code, node / "keys")


def _copy_kept(source: Path, target: Path) -> None:
    """A node that was set up by hand has no note of what was prepared; what lies in the target is newer."""
    for name in KEPT:
        if (source / name).exists() and not (target / name).exists():
            shutil.copy2(source / name, target / name)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Raises Trouble `backup_unreadable`."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        raise Trouble("backup_unreadable", path=folder) from None
    if manifest.get("version") != VERSION:
        raise Trouble("backup_unreadable", path=folder)
    return manifest


def _save_node(databases: Databases, node: Path, folder: Path, keys: Path) -> None:
    folder.mkdir()
    address = databases.admin_url(node.name)
    databases.run("pg_dump", "--format=custom", f"--file={folder / DUMP}", f"--dbname={address}")
    _copy_tree(node / "files", folder / "files")
    _copy_tree(node / "keys", keys)
    for path in keys.iterdir():
        path.chmod(0o600)


def _copy_tree(source: Path, target: Path) -> None:
    """A file that is still being written under a temporary name is nobody's yet."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.tmp", "*.new", ".*"))


def _digests(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {str(path.relative_to(folder)): _digest(path) for path in paths}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _raise_if_damaged(folder: Path, wanted: Mapping[str, str]) -> None:
    for name, digest in wanted.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise Trouble("backup_damaged", path=path)


def _keys_folder(options: argparse.Namespace) -> Path:
    folder: Path = options.folder.resolve()
    keys: Path | None = options.keys
    return keys.resolve() if keys else folder.with_name(f"{folder.name}-keys")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
