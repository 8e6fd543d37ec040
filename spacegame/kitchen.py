"""How the operators' pages look, and what is where in them: settings of the admin's theme."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

TITLE = "Space Pizzas kitchen"

# The night and the sauce of static/css/tokens.css, in the steps that the theme asks for.
NIGHT = {
    "50": "#faf7fc",
    "100": "#f3edf7",
    "200": "#e4d9ec",
    "300": "#cbb8da",
    "400": "#a48bb8",
    "500": "#7d6392",
    "600": "#634a78",
    "700": "#4c3360",
    "800": "#33204a",
    "900": "#211331",
    "950": "#160b22",
}
SAUCE = {
    "50": "#fff4f1",
    "100": "#ffe4dd",
    "200": "#ffcabd",
    "300": "#ffa590",
    "400": "#ff7d61",
    "500": "#f4553a",
    "600": "#d02c1b",
    "700": "#ad2115",
    "800": "#8a1c14",
    "900": "#6f1c16",
    "950": "#3d0a07",
}


def _page(title: str, icon: str, address: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(address)}


def _changelist(title: str, icon: str, model: str) -> dict[str, Any]:
    return _page(title, icon, f"admin:{model}_changelist")


NAVIGATION = [
    {"items": [_page("The pass", "monitoring", "admin:index")]},
    {
        "title": "Guests",
        "items": [
            _changelist("Rooms", "table_restaurant", "rooms_room"),
            _changelist("Seats", "chair", "rooms_seat"),
            _changelist("Players", "person", "accounts_user"),
            _changelist("Arrivals", "waving_hand", "accounts_arrival"),
        ],
    },
    {
        "title": "The quiz",
        "items": [
            _changelist("Questions", "quiz", "trivia_question"),
            _changelist("Games", "timer", "trivia_triviagame"),
            _changelist("Flags", "flag", "trivia_flag"),
        ],
    },
    {
        "title": "The till",
        "items": [
            _changelist("Events", "receipt_long", "events_event"),
            _changelist("Scores", "leaderboard", "events_score"),
            _changelist("Refused hits", "block", "events_refusedevent"),
            _changelist("Refused jobs", "front_hand", "ingest_refusedjob"),
        ],
    },
    {
        "title": "Deliveries",
        "items": [
            _changelist("Endpoints", "webhook", "webhooks_endpoint"),
            _changelist("Sent webhooks", "moped", "webhooks_sending"),
            _changelist("Attempts", "replay", "webhooks_attempt"),
            _changelist("Sources", "move_to_inbox", "webhooks_source"),
            _changelist("Received webhooks", "inbox", "webhooks_received"),
        ],
    },
    {
        "title": "The line",
        "items": [
            _changelist("Outbox", "outbox", "events_outbox"),
            _changelist("Deliveries", "local_shipping", "events_delivery"),
            _changelist("Feed entries", "dynamic_feed", "feed_entry"),
            _changelist("Replays", "replay", "events_replay"),
            _changelist("Pruned", "mop", "events_pruning"),
            _changelist("Schedule", "schedule", "django_celery_beat_periodictask"),
            _changelist("Intervals", "timer", "django_celery_beat_intervalschedule"),
            _changelist("Staff groups", "badge", "auth_group"),
        ],
    },
]


def environment(request: HttpRequest) -> list[str]:
    """The label in the corner, so that nobody mistakes the real kitchen for their own."""
    from django.conf import settings  # this module is read while the settings are made

    return ["Test kitchen", "warning"] if settings.DEBUG else ["Open for business", "success"]


def favicon(request: HttpRequest) -> str:
    return static("img/favicon.svg")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": TITLE,
    "SITE_HEADER": TITLE,
    "SITE_SUBHEADER": "Staff only. Wash your hands.",
    "SITE_URL": reverse_lazy("home"),
    "SITE_ICON": favicon,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": favicon}],
    "ENVIRONMENT": "spacegame.kitchen.environment",
    "DASHBOARD_CALLBACK": "spacegame.dashboard.dashboard",
    "COLORS": {"base": NIGHT, "primary": SAUCE},
    "BORDER_RADIUS": "10px",
    "SHOW_BACK_BUTTON": True,
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": NAVIGATION},
}
