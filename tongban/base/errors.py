"""The two exceptions of our own.

Both carry a reason code; the sentence a person reads is found by `tongban.base.words` under `reason.<code>`.
"""

from collections.abc import Mapping


class Rejected(Exception):
    """No, and the same request will not succeed by being repeated.

    reason: a code of `words/zh/*.toml` section `[reason]`.
    fields: path of an input -> code or sentence saying what is wrong with it.
    facts: values for the placeholders of the sentence.
    """

    def __init__(self, reason: str, *, fields: Mapping[str, str] | None = None, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = dict(fields or {})
        self.facts = facts


class NotYet(Exception):
    """Not now: something has to come first; the sender tries again."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts
