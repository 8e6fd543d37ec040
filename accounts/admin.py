"""Players, for operators: look somebody up, ban and unban, and see where their points come from."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from unfold.admin import ModelAdmin

from accounts import services
from accounts.errors import AccountError
from accounts.models import Arrival, User
from accounts.sessions import current_player
from events.admin import ReadOnlyAdmin

# One door: the site's own login has the rate limits, and the admin's has none.
_admin_login = admin.site.login


def staff_login(request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
    """Send everybody but operators to the site's login; a member who is none is refused."""
    player = current_player(request)
    if player is not None and player.is_staff:
        return _admin_login(request, extra_context)
    if player is not None and not player.is_guest:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))


admin.site.login = staff_login  # type: ignore[method-assign]
for model in (EmailAddress, EmailConfirmation, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class BannedFilter(admin.SimpleListFilter):
    """Banned or not."""

    title = "ban"
    parameter_name = "banned"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Banned"), ("no", "Not banned")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(banned_at__isnull=self.value() == "no")
        return queryset


@admin.register(Group)
class GroupAdmin(ModelAdmin):
    """What operators of a group may do."""

    search_fields = ("name",)
    filter_horizontal = ("permissions",)


@admin.register(Arrival)
class ArrivalAdmin(ReadOnlyAdmin):
    """Who came by whose invitation."""

    list_display = ("user", "inviter", "came_at", "signed_up_at")
    list_select_related = ("user", "inviter")
    search_fields = ("user__handle", "inviter__handle")
    search_help_text = "The handle of who came, or of who invited."


@admin.register(User)
class UserAdmin(ModelAdmin):
    """Players come by playing and are kept: their points have receipts. Only a superuser makes operators."""

    list_display = ("name", "handle", "email", "is_guest", "is_staff", "banned_at", "date_joined")
    list_filter = ("is_guest", BannedFilter, "is_staff", "date_joined")
    search_fields = ("handle", "name", "email")
    ordering = ("-date_joined",)
    actions = ("ban_players", "unban_players")
    fieldsets = (
        ("Player", {"fields": ("handle", "name", "colour", "mark", "email", "is_guest")}),
        ("Ban", {"fields": ("banned_at", "ban_reason")}),
        ("Where the points come from", {"fields": ("history",)}),
        ("Operator", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    filter_horizontal = ("groups",)
    readonly_fields = (
        "handle", "email", "is_guest", "banned_at", "ban_reason", "history", "date_joined", "last_login",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        operator = () if request.user.is_superuser else ("is_active", "is_staff", "is_superuser", "groups")
        return (*self.readonly_fields, *operator)

    @admin.display(description="Links")
    def history(self, user: User) -> str:
        links = [(reverse("profile", args=[user.handle]), "Profile and receipts")]
        for name, query, label in (
            ("admin:events_event_changelist", {"actor": user.pk}, "Events"),
            ("admin:events_score_changelist", {"player": user.pk}, "Scores"),
        ):
            try:
                links.append((f"{reverse(name)}?{urlencode(query)}", label))
            except NoReverseMatch:
                continue
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    @admin.action(description="Ban…", permissions=["change"])
    def ban_players(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        reason = request.POST.get("reason", "")
        return self._ask_first(
            request, queryset, "ban_players", lambda user: _ban(user, request, reason), "Ban", "Banned"
        )

    @admin.action(description="Unban…", permissions=["change"])
    def unban_players(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return self._ask_first(
            request, queryset, "unban_players", lambda user: services.unban(user=user), "Unban", "Unbanned"
        )

    def _ask_first(
        self,
        request: HttpRequest,
        queryset: QuerySet[User],
        action: str,
        act: Callable[[User], bool],
        verb: str,
        done: str,
    ) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": f"{verb} {queryset.count()} player(s)?",
                "action": action,
                "verb": verb,
                "players": queryset,
                "asks_reason": action == "ban_players",
                "opts": self.model._meta,
            }
            return render(request, "accounts/admin/confirm.html", context)
        for user in queryset:
            self._act(request, user, act, done)
        return None

    def _act(self, request: HttpRequest, user: User, act: Callable[[User], bool], done: str) -> None:
        try:
            changed = act(user)
        except AccountError as error:
            self.message_user(request, f"{user}: {error}", messages.ERROR)
            return
        if changed:
            self.log_change(request, user, done)
            self.message_user(request, f"{done} {user}.", messages.SUCCESS)


def _ban(user: User, request: HttpRequest, reason: str) -> bool:
    if user.pk == request.user.pk:
        raise AccountError("You cannot ban yourself.")
    if user.is_superuser and not request.user.is_superuser:
        raise AccountError("Only a superuser bans a superuser.")
    return services.ban(user=user, reason=reason)
