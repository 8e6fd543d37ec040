"""Who plays: guests and members are the same row, so a guest who signs up keeps every point."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

COLOURS = 12
MARKS = 12
NAME_LENGTH = 24


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "User":
        email = email.lower() if email else None  # as it is looked up at a login
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields = {"is_staff": True, "is_superuser": True, "is_guest": False, **fields}
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A player. `handle` is public and stable (profile address); `name` is what others see."""

    handle = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    colour = models.PositiveSmallIntegerField(default=0, help_text="Index into the palette of 12.")
    mark = models.PositiveSmallIntegerField(default=0, help_text="Index into the set of 12 marks.")
    email = models.EmailField(unique=True, null=True, blank=True)
    is_guest = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    banned_at = models.DateTimeField(null=True, blank=True)
    ban_reason = models.CharField(max_length=200, blank=True)
    date_joined = models.DateTimeField(default=timezone.now)
    invitation_mails = models.BooleanField(default=True, help_text="A mail when somebody came by their link.")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle", "name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(colour__lt=COLOURS), name="user_colour_in_palette"),
            models.CheckConstraint(condition=models.Q(mark__lt=MARKS), name="user_mark_in_set"),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A player's link. One of theirs is open at a time; one that was closed is kept, for who came by it."""

    code = models.CharField(max_length=32, unique=True)
    inviter = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inviter"], name="invitation_open_once", condition=models.Q(revoked_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.inviter}"


class Arrival(models.Model):
    """By whose invitation somebody came: once a player, for ever. It counts once they have signed up."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="arrival")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="arrivals")
    inviter = models.ForeignKey(User, on_delete=models.CASCADE, related_name="brought")
    came_at = models.DateTimeField(default=timezone.now)
    signed_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(user=models.F("inviter")), name="arrival_not_by_oneself"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} came by {self.inviter}"
