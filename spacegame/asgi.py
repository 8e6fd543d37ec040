"""The ASGI entry point: pages through Django, sockets through Channels."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacegame.settings")

from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

# Django must be set up before anything that touches models is imported.
try:
    django_application = get_asgi_application()
except ImproperlyConfigured as error:
    sys.exit(str(error))

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter

from events.recorder import get_recorder
from rooms.routing import websocket_urlpatterns
from rooms.wires import KeepSend
from spacegame.bodies import BoundedBodies
from spacegame.checks import refuse_errors
from spacegame.lifespan import lifespan
from spacegame.origin import SameOrigin

refuse_errors()
get_recorder().start()  # now, not at the first hit: an earlier process may have left hits in its spool

application = ProtocolTypeRouter(
    {
        "lifespan": lifespan,
        "http": BoundedBodies(django_application),
        "websocket": SameOrigin(KeepSend(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))),
    }
)
