from tongban.exchange.queries.checkpoints import Checkpoint, checkpoint
from tongban.exchange.queries.directory import ANCHORS, anchors, directory, is_connected, sealed_directory
from tongban.exchange.queries.evidence import all_heard, all_sent, receipts_of, sealed_letters
from tongban.exchange.queries.keys import signer
from tongban.exchange.queries.letters import (
    delivered_parts,
    find_sealed,
    last_taken,
    letters_for,
    presentable,
    sealed_of,
)
from tongban.exchange.queries.peers import Peer, alarms, letters_from, letters_to, outbox_age, peers, receipt_facts
from tongban.exchange.queries.recovery import is_recovering, remembers_until, taken_since, written_since

__all__ = [
    "ANCHORS",
    "Checkpoint",
    "Peer",
    "alarms",
    "all_heard",
    "all_sent",
    "anchors",
    "checkpoint",
    "delivered_parts",
    "directory",
    "find_sealed",
    "is_connected",
    "is_recovering",
    "last_taken",
    "letters_for",
    "letters_from",
    "letters_to",
    "outbox_age",
    "peers",
    "presentable",
    "receipt_facts",
    "receipts_of",
    "remembers_until",
    "sealed_directory",
    "sealed_letters",
    "sealed_of",
    "signer",
    "taken_since",
    "written_since",
]
