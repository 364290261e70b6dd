"""The boxes of a form: what a page shows for each kind of field, and what comes back from it.

One template, `web/parts/box.html`, draws them all. Works without JavaScript: a place is chosen level by level, a list
grows by a button, and both only ask for the same page again.
"""

from tongban.web.boxes.drawing import box_of, faults_of, read_answers, read_field, situation_box
from tongban.web.boxes.shapes import Box, Choice, Fault, choices_of, place_box, read_place

__all__ = [
    "Box",
    "Choice",
    "Fault",
    "box_of",
    "choices_of",
    "faults_of",
    "place_box",
    "read_answers",
    "read_field",
    "read_place",
    "situation_box",
]
