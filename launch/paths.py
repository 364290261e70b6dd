"""Where things lie, seen from the code."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = ROOT / "var"
STATIC = VAR / "static"
LOCK = ROOT / "requirements.lock"

# For the database's own user, when the code or the data lies under a home that only root may enter.
SHARED = Path("/var/lib/tongban")
