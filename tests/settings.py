"""The settings under which tests and type checks run: test mode, in which keys need no files."""

import os

os.environ.setdefault("TONGBAN_MODE", "test")

from tongban.settings import *  # noqa: F403
