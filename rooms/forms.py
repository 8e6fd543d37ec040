"""The form that opens a room, built from the settings of its game."""

from collections.abc import Callable, Iterable
from typing import Any, cast, get_args, get_origin, get_type_hints

import msgspec
import msgspec.inspect
from django import forms

from rooms.errors import BadSettings
from rooms.games import Game
from rooms.models import Visibility
from rooms.settings_check import check_settings

COMMON = ("title", "visibility")


class RoomForm(forms.Form):
    """Title, visibility, and a field for each setting of `game`. Valid: `room_settings` passed the schema."""

    title = forms.CharField(max_length=60, required=False, label="Name of the room")
    visibility = forms.ChoiceField(
        choices=[(Visibility.PUBLIC, "Everybody may join"), (Visibility.PRIVATE, "Only with the code")],
        initial=Visibility.PUBLIC,
        label="Who may join",
    )

    def __init__(self, *args: Any, game: Game, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.game = game
        self.room_settings: dict[str, Any] = {}
        hints = get_type_hints(game.settings_type)
        for field in msgspec.inspect.type_info(game.settings_type).fields:  # type: ignore[attr-defined]
            self.fields[field.name] = built = form_field(field)
            if not isinstance(built, forms.ChoiceField):
                continue
            if offered := game.choices(field.name):
                built.choices = list(offered)
            else:  # msgspec sorts them; easy comes before hard
                order = _literals(hints[field.name])
                choices = cast(Iterable[tuple[Any, str]], built.choices)
                built.choices = sorted(choices, key=lambda choice: order.index(choice[0]))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = {name: value for name, value in cleaned.items() if name not in COMMON and value is not None}
        if not self.errors:
            try:
                check_settings(self.game.kind, chosen)
                self.room_settings = chosen
            except BadSettings as wrong:
                self.show(wrong)
        return cleaned

    def show(self, wrong: BadSettings) -> None:
        """Each line beside its field."""
        for name, line in wrong.fields.items():
            self.add_error(name if name in self.fields else None, line)


def form_field(field: msgspec.inspect.Field) -> forms.Field:
    """The form field for one setting; its title and hint are those of its schema's `Meta`."""
    kind, meta = _unwrap(field.type)
    options = {
        "label": meta.get("title", field.name.replace("_", " ").capitalize()),
        "help_text": meta.get("description", ""),
        "initial": [] if field.default is msgspec.NODEFAULT else field.default,
        "required": False,
    }
    build = _BUILDERS.get(type(kind), _text)
    return build(kind, options)


def _unwrap(kind: msgspec.inspect.Type) -> tuple[msgspec.inspect.Type, dict[str, Any]]:
    if isinstance(kind, msgspec.inspect.Metadata):
        return kind.type, kind.extra_json_schema or {}
    return kind, {}


def _whole_number(kind: Any, options: dict[str, Any]) -> forms.Field:
    return forms.IntegerField(min_value=kind.ge, max_value=kind.le, **options)


def _choice(kind: Any, options: dict[str, Any]) -> forms.Field:
    choices = [(value, str(value).replace("_", " ").capitalize()) for value in kind.values]
    coerce: Callable[[Any], Any] = type(kind.values[0])
    return forms.TypedChoiceField(choices=choices, coerce=coerce, empty_value=options["initial"], **options)


def _some(kind: Any, options: dict[str, Any]) -> forms.Field:
    """Any number of choices: those of the schema, or those that the game names."""
    inner, _ = _unwrap(kind.item_type)
    values = getattr(inner, "values", ())
    choices = [(value, str(value).replace("_", " ").capitalize()) for value in values]
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **options)


def _literals(hint: Any) -> tuple[Any, ...]:
    """The values of a `Literal`, also of one within a list."""
    found = get_args(hint)
    return _literals(found[0]) if get_origin(hint) is list else found


def _yes_or_no(kind: Any, options: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(**options)


def _text(kind: Any, options: dict[str, Any]) -> forms.Field:
    return forms.CharField(**options)


_BUILDERS: dict[type, Callable[[Any, dict[str, Any]], forms.Field]] = {
    msgspec.inspect.IntType: _whole_number,
    msgspec.inspect.LiteralType: _choice,
    msgspec.inspect.BoolType: _yes_or_no,
    msgspec.inspect.ListType: _some,
}
