"""The ASGI entry point: pages through Django, sockets through Channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacegame.settings")

from django.core.asgi import get_asgi_application

# Django must be set up before anything that touches models is imported.
django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

from rooms.routing import websocket_urlpatterns

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
