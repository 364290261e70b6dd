"""python -m verify --directory directory.json --ledger ledger.json

Logs in at every node of the directory as its auditor; the password comes from TONGBAN_AUDITOR_PASSWORD.
Exit codes: 0 everything fits, 1 something does not, 2 it could not be read.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from verify.counts import Ledger, read_ledger
from verify.directory import Directory, read_directory
from verify.evidence import Holdings
from verify.faults import Fault
from verify.fetch import Unreachable, gather, log_in
from verify.report import Report, verify
from verify.seals import Unreadable, from_b64url, read_object

FAULTS_SHOWN = 40


def main() -> int:
    options = _options()
    try:
        report = run(
            directory=Path(options.directory),
            ledger=Path(options.ledger) if options.ledger else None,
            username=options.username,
            password=os.environ.get("TONGBAN_AUDITOR_PASSWORD", ""),
            hub_key=from_b64url(options.hub_key) if options.hub_key else None,
            quiet=options.json,
        )
    except (Unreachable, Unreadable, OSError) as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        _print(report)
    return 0 if report.passed else 1


def run(
    *,
    directory: Path,
    ledger: Path | None,
    username: str,
    password: str,
    hub_key: bytes | None = None,
    quiet: bool = True,
) -> Report:
    """Fetch from every node of the directory and recompute. Raises Unreachable and Unreadable."""
    nodes: Directory = read_directory(directory.read_bytes(), hub_key=hub_key)
    claims: Ledger | None = read_ledger(read_object(ledger.read_bytes())) if ledger else None
    holdings: dict[str, Holdings] = {}
    unread: list[Fault] = []
    for code, peer in sorted(nodes.peers.items()):
        window = log_in(code, peer.endpoint, username=username.replace("{node}", code), password=password)
        holdings[code], faults = gather(window)
        unread += faults
        if not quiet:
            held = holdings[code]
            print(f"node {code}: {len(held.cases)} cases, {len(held.sent)} sent, {len(held.heard)} heard", flush=True)
    return verify(nodes, holdings, claims, unread=tuple(unread))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m verify", description="Recompute what the nodes claim.")
    parser.add_argument("--directory", required=True, help="the signed directory of nodes")
    parser.add_argument("--ledger", help="what the clients sent, as JSON; without it nothing is counted")
    parser.add_argument("--username", default="auditor-{node}", help="the auditor's log-in name at each node")
    parser.add_argument("--hub-key", help="the hub's public key (base64url); otherwise the directory must fit itself")
    parser.add_argument("--json", action="store_true", help="the whole report as JSON")
    return parser.parse_args()


def _print(report: Report) -> None:
    for fault in report.faults[:FAULTS_SHOWN]:
        print(fault)
    if len(report.faults) > FAULTS_SHOWN:
        print(f"… and {len(report.faults) - FAULTS_SHOWN} more")
    if report.lost:
        print(f"lost by a restore, as the homes say: {report.lost} bodies")
    print(report.last_line)


if __name__ == "__main__":
    sys.exit(main())
