"""Names: what people type becomes a name that others can read, or a clear sentence."""

import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import BadName
from accounts.names import MAX_LENGTH, clean_name, handle_for, random_name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Zesty Comet", "Zesty Comet"),
        ("  Zesty \t\n Comet ", "Zesty Comet"),
        ("Ame\u0301lie", "Amélie"),
        ("Ñandú 7", "Ñandú 7"),
        ("ピザ王", "ピザ王"),
        ("عمر", "عمر"),
        ("🍕🚀", "🍕🚀"),
        ("👨\u200d🚀 Bo", "👨\u200d🚀 Bo"),
        ("🏴\u200d☠\ufe0f", "🏴\u200d☠\ufe0f"),
        ("x" * 24, "x" * 24),
    ],
)
def test_a_readable_name_is_kept(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "at least one letter"),
        ("   ", "at least one letter"),
        ("...", "at least one letter"),
        ("\u3164", "at least one letter"),
        ("\u2800\u2800", "at least one letter"),
        ("🍕" * 500, "too long"),
        ("🍕" * 9, "8 emoji"),
        ("x" * 25, "too long"),
        ("abc\u202egnp.exe", "hidden"),
        ("ad\u200bmin", "hidden"),
        ("ad\u200dmin", "hidden"),
        ("\ufeffadmin", "hidden"),
        ("a\x00b", "hidden"),
        ("a\x07b", "hidden"),
        ("a\ue000b", "hidden"),
        ("a\ud800b", "hidden"),
        ("a\u3164b", "hidden"),
        ("Z\u0300\u0301\u0302\u0303\u0304algo", "pile up"),
        ("\u0301Bo", "pile up"),
        ("Bo \u0301x", "pile up"),
    ],
)
def test_an_unreadable_name_is_refused_with_a_reason(typed: str, says: str) -> None:
    with pytest.raises(BadName, match=says):
        clean_name(typed)


@given(st.text(st.characters(codec=None), max_size=40))
def test_whatever_is_typed_gives_a_clean_name_or_a_sentence(typed: str) -> None:
    try:
        name = clean_name(typed)
    except BadName:
        return
    assert 1 <= len(name) <= MAX_LENGTH
    assert unicodedata.is_normalized("NFC", name)
    assert clean_name(name) == name
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} for character in name)
    assert not set(name) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@given(st.integers())
def test_a_generated_name_is_clean_and_makes_a_handle(seed: int) -> None:
    random = Random(seed)
    name = random_name(random)
    assert clean_name(name) == name
    handle = handle_for(name, digits=4, random=random)
    assert handle.rsplit("-", 1)[0] == name.lower().replace(" ", "-")
    assert len(handle.rsplit("-", 1)[1]) == 4
