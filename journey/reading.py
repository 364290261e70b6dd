"""What a person finds afterwards: every paper of his case, and each case once in his list."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from journey.clients import Client
from journey.play import Play, Stuck


def read_papers(play: Play) -> None:
    """The one who handed in opens each document of the case; it is the one that the step names. Raises Stuck."""
    client = play.beside_the_person
    view = play.look(client)
    if view is None:
        raise Stuck(f"node {client.node} does not show the case any more")
    for document in (document for step in view.steps for document in step["documents"]):
        page = client.bytes_of(f"/api/v1/cases/{play.case}/documents/{quote(document['number'])}")
        if hashlib.sha256(page).hexdigest() != document["digest"]:
            raise Stuck(f"document {document['number']} is not the one that the step names")


def faults_of_lists(plays: Sequence[Play]) -> list[str]:
    """Each list of those who handed in holds each of their cases exactly once."""
    handed_in: dict[tuple[str, str], tuple[Client, set[str]]] = {}
    for play in plays:
        if play.case:
            client = play.beside_the_person
            wanted = handed_in.setdefault((client.node, client.username), (client, set()))[1]
            wanted |= {play.case, *play.siblings}
    faults = []
    for client, wanted in handed_in.values():
        listed = Counter(str(entry["case_id"]) for entry in client.all("/api/v1/cases"))
        wrong = sorted(case for case in wanted if listed[case] != 1)
        faults += [f"{client.username} 的列表里办件 {case} 出现 {listed[case]} 次" for case in wrong]
    return faults
