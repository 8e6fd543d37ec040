"""The page that takes a file into the bank, and says beforehand what would happen."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from rooms.trivia.importers import table
from rooms.trivia.importers.loading import described, load_packs
from rooms.trivia.importers.packs import LARGEST_FILE, BadFile, Pack
from rooms.trivia.importers.reading import FORMATS, read_bytes, too_large
from rooms.trivia.questions.content import NAME_LENGTH, right_answers

SHOWN = 10  # questions, of a file that is only looked at
TITLES = {"json": "Our own JSON", "csv": "A table (CSV)", "opentdb": "Open Trivia DB"}


class ImportForm(forms.Form):
    """Valid: `pack` is what was read from the file."""

    file = forms.FileField(
        widget=UnfoldAdminFileFieldWidget,
        help_text=f"Up to {LARGEST_FILE // 2**20} MB. All of it is imported, or none.",
    )
    format = forms.ChoiceField(
        choices=[("", "See by the file"), *((name, TITLES[name]) for name in FORMATS)],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    name = forms.CharField(
        label="Keep it as",
        max_length=NAME_LENGTH,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="The name of the pack; empty: the file's own.",
    )

    pack: Pack | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if file := cleaned.get("file"):
            try:
                if file.size > LARGEST_FILE:
                    raise too_large()
                self.pack = read_bytes(file.read(), name=file.name, format=cleaned.get("format", ""))
            except BadFile as bad:
                self.add_error("file", bad.problems)
        return cleaned


def import_page(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """The form; what would happen (`look`); or the import itself, and then the list."""
    if request.method == "GET" and "template" in request.GET:
        return _template()
    form = ImportForm(request.POST or None, request.FILES or None)
    rehearsal: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid() and form.pack:
        looking = "look" in request.POST
        try:
            (loaded,) = load_packs(packs=[form.pack], name=form.cleaned_data["name"], dry_run=looking)
        except BadFile as bad:
            form.add_error("file", bad.problems)
        else:
            rehearsal = {"told": described(loaded), "sample": _sample(form.pack)}
        if rehearsal and not looking:
            messages.success(request, rehearsal["told"])
            return HttpResponseRedirect(reverse("admin:trivia_question_changelist"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Import questions",
        "opts": model_admin.model._meta,
        "form": form,
        **rehearsal,
    }
    return TemplateResponse(request, "admin/trivia/import.html", context)


def _sample(pack: Pack) -> list[dict[str, Any]]:
    return [
        {"question": question, "right": ", ".join(right_answers(question))}
        for question in pack.questions[:SHOWN]
    ]


def _template() -> HttpResponse:
    return HttpResponse(
        table.template(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="questions.csv"'},
    )
