"""A foreign tool tries a live node by its OpenAPI description: as nobody and as each role, on a case that is there."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from journey.clients import PASSWORD
from launch.federation import Federation, temporary

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).parent / "schemathesis"
HERE, PLACE = "34", "340123000000"
USERNAMES = ("citizen-34-2", "clerk-34", "officer-34", "drafter-34", "operator-34", "auditor-34")
ANSWERS = {
    "operation": "personal",
    "premises": "shop",
    "permit": "no",
    "business_place": PLACE,
    "address": "示例路1号",
    "scope": "小吃服务",
    "employees": "2",
}


@pytest.fixture(scope="module")
def node() -> Iterator[Federation]:
    with temporary(("00", HERE)) as federation:
        yield federation


@pytest.fixture(scope="module")
def tokens(node: Federation) -> dict[str, str]:
    """Got before anything is tried: so many wrong passwords follow that this address has to wait."""
    found = {}
    for username in USERNAMES:
        body = {"username": username, "password": PASSWORD}
        answer = httpx.post(f"{node.url(HERE)}/api/v1/sessions", json=body, trust_env=False, timeout=20)
        found[username] = answer.raise_for_status().json()["token"]
    return found


def hand_in(citizen: httpx.Client) -> tuple[str, str]:
    """A case of the citizen's at this node, and the digest of a paper in it."""
    paper = citizen.post("/files", content=b"%PDF-1.4 paper", headers={"Content-Type": "application/pdf"})
    digest = paper.raise_for_status().json()["digest"]
    keys = ("application", "premises_proof")
    body = {
        "item": "kstb-1-37",
        "province": HERE,
        "place": PLACE,
        "receiving_place": PLACE,
        "answers": ANSWERS,
        "materials": [{"key": key, "digest": digest, "name": f"{key}.pdf"} for key in keys],
    }
    case = citizen.post("/applications", json=body).raise_for_status().json()["case_id"]
    citizen.post(f"/applications/{case}/submit", json={}).raise_for_status()
    return case, digest


def begin_bundle(citizen: httpx.Client) -> str:
    """A bundle in the making of the citizen's."""
    begun = citizen.post("/bundles", json={"event": "unemployed", "place": PLACE})
    return begun.raise_for_status().json()["bundle_id"]


def draft_of(drafter: httpx.Client) -> str:
    """An open draft of a standard: the one before may have been withdrawn meanwhile."""
    drafter.post("/drafts", json={"item": "kstb-1-38"})
    found = drafter.get("/drafts").raise_for_status().json()["items"]
    return str(found[0]["id"])


def settings_for(folder: Path, *, case: str, digest: str, draft: str, bundle: str) -> Path:
    """The project's own settings, and names of things that are there."""
    there = {
        "case_id": case,
        "draft_id": draft,
        "digest": digest,
        "key": "kstb-1-37",
        "item": "kstb-1-37",
        "kind": "receipt",
        "made_id": bundle,
        "event": "unemployed",
        "part": "claim",
    }
    places = {"place": PLACE, "authority_place": PLACE}
    lines = [f'{name} = "{value}"' for name, value in {**there, **places}.items()]
    path = folder / "schemathesis.toml"
    path.write_text("\n".join([(ROOT / "schemathesis.toml").read_text(), "[parameters]", *lines]), "utf-8")
    return path


@pytest.mark.parametrize("who", ["", *USERNAMES])
def test_nothing_is_found(node, tokens, tmp_path, who):
    headers = {name: f"Bearer {token}" for name, token in tokens.items()}
    with httpx.Client(base_url=f"{node.url(HERE)}/api/v1", trust_env=False, timeout=20) as citizen:
        citizen.headers["Authorization"] = headers["citizen-34-2"]
        case, digest = hand_in(citizen)
        bundle = begin_bundle(citizen)
        citizen.headers["Authorization"] = headers["drafter-34"]
        draft = draft_of(citizen)
    configuration = settings_for(tmp_path, case=case, digest=digest, draft=draft, bundle=bundle)
    command = [PROGRAM, "--config-file", configuration, "run", f"{node.url(HERE)}/api/v1/openapi.json", "--checks=all"]
    command += ["--max-examples=5", "--seed=1", "--continue-on-failure", "--no-color"]
    if who:
        # Logging out would leave the rest of the run outside.
        command += ["--header", f"Authorization: {headers[who]}", "--exclude-operation-id", "log_out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    told = "\n".join(line[:300] for line in (done.stdout + done.stderr).splitlines())
    assert done.returncode == 0, told[-12000:]
