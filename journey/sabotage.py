"""Damage behind the nodes' back, done by the database's superuser, that the verifier has to notice."""

from launch.federation import Federation

MODES = ("byte", "row")
DONE = {"byte": "的一步改了一个字节", "row": "的最后一步被删掉"}


def sabotage(federation: Federation, mode: str) -> str:
    """Do it at the first node that has something to damage; a sentence about what was done. Raises LookupError."""
    for node in federation.nodes:
        case = (_change_byte if mode == "byte" else _lose_row)(federation, node)
        if case:
            return f"节点 {node}：办件 {case} {DONE[mode]}"
    raise LookupError("nothing to damage")


def _change_byte(federation: Federation, node: str) -> str:
    """The third digit of the year in which a step was recorded becomes a nine."""
    found = federation.sql(
        node,
        """
        WITH chosen AS (
            SELECT id, position('"recorded_at":"' IN convert_from(payload, 'UTF8')) AS begins
            FROM exchange_letter WHERE kind = 'step' ORDER BY id LIMIT 1
        )
        UPDATE exchange_letter
        SET payload = convert_to(overlay(convert_from(payload, 'UTF8') PLACING '9' FROM chosen.begins + 17), 'UTF8')
        FROM chosen WHERE exchange_letter.id = chosen.id RETURNING exchange_letter.subject
        """,
    )
    return _first(found)


def _lose_row(federation: Federation, node: str) -> str:
    """The step that came last is gone, its body left behind."""
    found = federation.sql(
        node,
        """
        SET session_replication_role = replica;
        DELETE FROM cases_step WHERE id = (SELECT max(id) FROM cases_step) RETURNING case_id
        """,
    )
    return _first(found)


def _first(found: list[str]) -> str:
    return next((row for row in found if row), "")
