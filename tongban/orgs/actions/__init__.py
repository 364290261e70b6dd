"""The only writers of places, organs, officers and what these may do."""

from tongban.orgs.actions.demo import demo_organ_code, make_demo_officer, make_demo_organs
from tongban.orgs.actions.divisions import load_divisions
from tongban.orgs.actions.officers import appoint_officer, grant, take_back
from tongban.orgs.actions.organs import Outcome, close_organ, establish_organ

__all__ = [
    "Outcome",
    "appoint_officer",
    "close_organ",
    "demo_organ_code",
    "establish_organ",
    "grant",
    "load_divisions",
    "make_demo_officer",
    "make_demo_organs",
    "take_back",
]
