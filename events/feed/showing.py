"""Lines as HTML: what a page is served with, and what is pushed to it, are the same."""

from collections.abc import Collection

from django.template.loader import render_to_string

from events.feed import selectors


def newest_lines(*, audiences: Collection[str], limit: int = selectors.PAGE) -> str:
    """The newest lines as list items, for everybody who follows these audiences."""
    lines = selectors.page(audiences=audiences, limit=limit).lines
    # `strip` also makes a plain string of Django's safe one, which encoders do not know.
    return render_to_string("feed/lines.html", {"lines": lines}).strip()
