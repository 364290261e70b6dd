"""Damage behind the nodes' back, done by the database's superuser, that the verifier has to notice."""

from launch.federation import Federation

MODES = ("byte", "row")


def sabotage(federation: Federation, mode: str) -> str:
    """Do it at the last node; a sentence about what was done. Raises LookupError when there is nothing to damage."""
    node = list(federation.nodes)[-1]
    return _change_byte(federation, node) if mode == "byte" else _lose_row(federation, node)


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
    return f"node {node}: one byte of a step of case {_first(found)} changed"


def _lose_row(federation: Federation, node: str) -> str:
    found = federation.sql(
        node,
        """
        SET session_replication_role = replica;
        DELETE FROM cases_step WHERE id = (SELECT max(id) FROM cases_step) RETURNING case_id
        """,
    )
    return f"node {node}: the last step of case {_first(found)} removed"


def _first(found: list[str]) -> str:
    rows = [row for row in found if row and not row.startswith(("SET", "DELETE", "UPDATE"))]
    if not rows:
        raise LookupError("nothing to damage")
    return rows[0]
