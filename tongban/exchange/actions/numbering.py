"""Numbers that people were given, after a restore: the sequences go on above them, and what is missing is named."""

from collections.abc import Collection

from django.db import connection

from tongban.exchange import queries
from tongban.exchange.actions.releasing import found_again, note_loss
from tongban.exchange.rules import gaps

LEFT_FREE = 10_000
"""Numbers given in the old life to what no peer has seen are known to nobody; so many are never given again."""

NUMBERS = "numbers"


def go_on_above(sequence: str, seen: Collection[int]) -> None:
    """Advance a sequence of the database above the numbers that peers have shown, and beyond.

    Ranges between them that nobody has shown are written down as lost. The app's role can only take numbers, not set
    them, so they are taken.
    """
    _shorten_known_gaps(sequence, seen)
    last = _last(sequence)
    for first, end in gaps(seen, above=last):
        note_loss(NUMBERS, subject=sequence, detail=f"{first}-{end}")
    highest = max([last, *seen])
    note_loss("numbers_free", subject=sequence, detail=f"{highest + 1}-{highest + LEFT_FREE}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(nextval(%s::regclass)) FROM generate_series(1, %s)", [sequence, highest + LEFT_FREE - last]
        )


def _shorten_known_gaps(sequence: str, seen: Collection[int]) -> None:
    """A peer that told late may have shown what was missing."""
    for loss in queries.lost_of(sequence, NUMBERS):
        first, end = map(int, loss.detail.split("-"))
        shown = {number for number in seen if first <= number <= end}
        if shown:
            found_again(NUMBERS, subject=sequence, detail=loss.detail)
            for start, last in gaps({*shown, end + 1}, above=first - 1):
                note_loss(NUMBERS, subject=sequence, detail=f"{start}-{last}")


def _last(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")
        return int(cursor.fetchone()[0])
