"""Settings of one node; everything that differs between nodes comes from the environment.

TONGBAN_NODE           province code, "34"; the hub is "00"
TONGBAN_MODE           demo, test or production (when not given)
TONGBAN_STATE          folder of this node: keys/ and files/
TONGBAN_DIRECTORY      path of the signed directory of nodes
DATABASE_URL           postgresql://app-role@host/name, with {node} where the node's code goes
TONGBAN_DEPARTMENT     address of the adapter to the departments' own systems
TONGBAN_RETENTION      path of the table that says how long contents are kept
TONGBAN_CASE_NUMBERS   dotted path of the function that gives 办件编号
TONGBAN_ITEMS          folder of items, standards and agreements, instead of those shipped
TONGBAN_BUNDLES        folder of bundles (一件事), instead of those shipped
TONGBAN_NODES          path of the table of nodes: code, name, telephone of the inquiry desk
TONGBAN_PROXIES        addresses of the proxies whose X-Forwarded-For and -Proto are believed, parted by commas;
                       in production that of this machine when not given
DATABASE_OWNER_URL     the same database as its owner: migrations and maintenance only
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent

NODE = os.environ.get("TONGBAN_NODE", "34")
MODE = os.environ.get("TONGBAN_MODE", "production")
STATE = Path(os.environ.get("TONGBAN_STATE", ROOT / "var" / "development" / NODE))
DIRECTORY = Path(os.environ.get("TONGBAN_DIRECTORY", ROOT / "var" / "development" / "directory.json"))
DEPARTMENT = os.environ.get("TONGBAN_DEPARTMENT", "http://127.0.0.1:7999")
CASE_NUMBERS = os.environ.get("TONGBAN_CASE_NUMBERS", "tongban.cases.actions.numbering.running_number")
RETENTION = Path(os.environ.get("TONGBAN_RETENTION", ROOT / "tongban" / "data" / "retention.toml"))
ITEMS = Path(os.environ.get("TONGBAN_ITEMS", ROOT / "tongban" / "data" / "items"))
BUNDLES = Path(os.environ.get("TONGBAN_BUNDLES", ROOT / "tongban" / "data" / "bundles"))
NODES = Path(os.environ.get("TONGBAN_NODES", ROOT / "tongban" / "data" / "nodes.csv"))
PROXIES = [
    host for host in os.environ.get("TONGBAN_PROXIES", "127.0.0.1" if MODE == "production" else "").split(",") if host
]
DEMO = MODE in ("demo", "test")


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url.replace("{node}", NODE))
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"server_side_binding": True, **query},
    }


def _secret_key() -> str:
    path = STATE / "keys" / "session"
    if path.exists():
        return path.read_text().strip()
    # Django refuses an empty one where it is needed; the command that makes the keys needs none.
    return "" if MODE == "production" else "only-for-development-and-tests-" + NODE


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TONGBAN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

DATABASES: dict[str, dict[str, Any]] = {
    "default": _database(os.environ.get("DATABASE_URL", "postgresql://tongban_app@127.0.0.1:55432/tongban_{node}")),
}
if owner := os.environ.get("DATABASE_OWNER_URL"):
    DATABASES["owner"] = _database(owner)
if os.environ.get("TONGBAN_POOL", "0") != "0":
    size = int(os.environ["TONGBAN_POOL"])
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 5}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tongban.calendar",
    "tongban.journal",
    "tongban.people",
    "tongban.orgs",
    "tongban.files",
    "tongban.exchange",
    "tongban.logins",
    "tongban.catalogue",
    "tongban.cases",
    "tongban.applications",
    "tongban.bundles",
    "tongban.looks",
    "tongban.retention",
    "tongban.api",
    "tongban.web",
    "tongban.apps.TongbanConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tongban.web.safety.safety",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tongban.web.door.door",
    "tongban.web.mishaps.mishaps",
]
ROOT_URLCONF = "tongban.urls"
WSGI_APPLICATION = "tongban.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongban.web.context.page",
            ]
        },
    }
]
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["tongban.logins.backend.Backend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "tongban.web.mishaps.stale_form"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = f"tongban_{NODE}"
CSRF_COOKIE_NAME = f"tongban_csrf_{NODE}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE == "production"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
STATICFILES_DIRS = [("vendor", path) for path in [ROOT / "node_modules" / "bootstrap" / "dist"] if path.exists()]

DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "tongban.base.logs.JsonLines", "node": NODE, "messages": DEMO}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
