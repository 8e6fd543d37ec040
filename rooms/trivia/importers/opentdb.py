"""Open Trivia DB's JSON (https://opentdb.com/api_config.php), in each of its four encodings.

Its questions are CC BY-SA 4.0: each keeps the licence, the credit, the link and a note of what we changed.
"""

import base64
import binascii
import html
from collections.abc import Callable
from functools import partial
from typing import Any, Literal
from urllib.parse import unquote, unquote_plus

import msgspec

from rooms.trivia.importers.own_json import decoded, placed
from rooms.trivia.importers.packs import BadFile, Pack, checked
from rooms.trivia.questions.content import BadQuestion

LICENCE, CREDIT, LINK = "CC BY-SA 4.0", "Open Trivia Database", "https://opentdb.com"
MODIFIED = "Characters decoded, answers put together and shuffled"
REFUSALS = {
    1: "it has no results: fewer questions match than were asked for. Ask Open Trivia DB for fewer.",
    2: "it says that a parameter of the call was wrong.",
    3: "it says that the session token does not exist. Ask for a new one.",
    4: "it says that the token has seen all questions. Reset the token.",
    5: "it says that the calls came too fast: one in 5 seconds is allowed.",
}


class Item(msgspec.Struct):
    """One result; texts are still encoded."""

    category: str
    type: str
    difficulty: str
    question: str
    correct_answer: str
    incorrect_answers: list[str]


class Answer(msgspec.Struct):
    """What the API answers; a file may also be without its code."""

    results: list[msgspec.Raw]
    response_code: int = 0


Decoder = Callable[[str], str]


def read(data: bytes) -> Pack:
    """The pack in `data`. Raises `BadFile`."""
    answer = decoded(data, Answer)
    if answer.response_code:
        reason = REFUSALS.get(answer.response_code, f"its response code is {answer.response_code}.")
        raise BadFile([f"the file holds a refusal of Open Trivia DB: {reason}"])
    decode = _decoder(answer.results)
    questions = checked(
        (place, partial(_question, raw, decode)) for place, raw in placed(data, answer.results)
    )
    return Pack(name=CREDIT, licence=LICENCE, credit=CREDIT, link=LINK, questions=questions)


def _decoder(results: list[msgspec.Raw]) -> Decoder:
    """The file does not name its encoding. base64 shows in the types; encoded URLs have no space at all, and
    a plus for it in the older way of writing them; the rest has HTML's entities, as it is by default.
    """
    items = [item for item in map(_item, results) if item is not None]
    if items and all(item.type in ("bXVsdGlwbGU=", "Ym9vbGVhbg==") for item in items):
        return _from_base64
    texts = [text for item in items for text in (item.category, item.question)]
    if any(" " in text for text in texts):
        return html.unescape
    if any("+" in text for text in texts):
        return unquote_plus
    return unquote if any("%" in text for text in texts) else html.unescape


def _item(raw: msgspec.Raw) -> Item | None:
    try:
        return msgspec.json.decode(raw, type=Item)
    except msgspec.ValidationError:
        return None


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise BadQuestion([f"{text[:30]!r} is not base64, as the rest of the file is"]) from None


def _question(raw: msgspec.Raw, decode: Decoder) -> dict[str, Any]:
    item = _item(raw)
    if item is None:
        wanted = ", ".join(Item.__struct_fields__)
        raise BadQuestion([f"should have the fields of Open Trivia DB: {wanted}"])
    right, wrong = decode(item.correct_answer), [decode(text) for text in item.incorrect_answers]
    return {
        "category": decode(item.category),
        "difficulty": decode(item.difficulty),
        "text": decode(item.question),
        "source": CREDIT,
        "licence": LICENCE,
        "credit": CREDIT,
        "link": LINK,
        "modified": MODIFIED,
        **_answers(decode(item.type), right, wrong),
    }


def _answers(type: Literal["multiple", "boolean"] | str, right: str, wrong: list[str]) -> dict[str, Any]:
    if type == "multiple":
        return {"type": "choice", "choices": [right, *wrong], "answer": 0}
    if type == "boolean" and right in ("True", "False"):
        return {"type": "boolean", "answer": right == "True"}
    raise BadQuestion([f"type: should be multiple, or boolean with True or False, and is {type!r}"])
