"""`{% icon "name" %}`: one drawing of the sprite. A builtin of all templates, so nothing needs loading."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """The drawing `name`, in the colour of the text. Decoration unless `label` says what it means.

    `size` is empty (1.25 em), `big` or `huge`.
    """
    meaning = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" focusable="false" {}><use href="{}#{}"></use></svg>',
        f" icon--{size}" if size else "",
        meaning,
        static("icons/sprite.svg"),
        name,
    )
