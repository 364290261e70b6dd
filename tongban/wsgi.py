import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.settings")
application = get_wsgi_application()
if not (settings.DEMO or (settings.STATE / "keys" / "session").exists()):
    raise SystemExit(f"No session key in {settings.STATE / 'keys'}. Run `manage.py make_keys` once for this node.")
if settings.PROXIES:
    application = wrap_wsgi_with_proxy_headers(application, settings.PROXIES)
