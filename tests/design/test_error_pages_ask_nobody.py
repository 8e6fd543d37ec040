"""Error pages are rendered without database, session or player: those may be what is wrong."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject
from django.views import defaults
from django.views.csrf import csrf_failure

HOME = 'href="/"'


def nobody() -> Any:
    raise AssertionError("the page asked who is there")


@pytest.fixture
def request_without_anybody(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/nowhere/")
    request.user = SimpleLazyObject(nobody)  # type: ignore[assignment]
    return request


def test_a_page_that_is_not_there(request_without_anybody: HttpRequest) -> None:
    answer = defaults.page_not_found(request_without_anybody, Http404())
    assert answer.status_code == 404
    assert HOME in answer.content.decode()


def test_a_room_that_is_not_there_says_what_the_room_said(rf: RequestFactory) -> None:
    request = rf.get("/r/ZZZZZZ/")
    request.user = SimpleLazyObject(nobody)  # type: ignore[assignment]
    answer = defaults.page_not_found(request, Http404("No room has that code."))
    assert "No room has that code." in answer.content.decode()


def test_a_page_that_one_may_not_see(request_without_anybody: HttpRequest) -> None:
    answer = defaults.permission_denied(request_without_anybody, PermissionDenied())
    assert answer.status_code == 403
    assert HOME in answer.content.decode()


def test_a_request_that_makes_no_sense(request_without_anybody: HttpRequest) -> None:
    answer = defaults.bad_request(request_without_anybody, SuspiciousOperation())
    assert answer.status_code == 400
    assert HOME in answer.content.decode()


def test_our_own_mistake(request_without_anybody: HttpRequest) -> None:
    answer = defaults.server_error(request_without_anybody)
    assert answer.status_code == 500
    assert HOME in answer.content.decode()


def test_a_form_that_went_cold(request_without_anybody: HttpRequest) -> None:
    answer = csrf_failure(request_without_anybody)
    assert answer.status_code == 403
    assert "reload the page" in answer.content.decode()
