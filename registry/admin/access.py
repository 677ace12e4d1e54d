"""Who signs in, and with which role at which place."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registry.access.decorators import user_of
from registry.access.periods import period_words
from registry.actions.memberships import delete_membership, store_membership
from registry.actions.second_factor import reset_second_factor
from registry.admin.base import STAFF_SEARCH_HELP, KnownKeys, MergingAdmin, MergingForm, place_label
from registry.errors import Conflict
from registry.models import Membership, User

_PLACES = ("district", "kecamatan", "puskesmas", "village")
_FEW = ("district", "kecamatan", "puskesmas")
# A village is chosen from its list, where code and kecamatan stand next to a name that others may share.
_BY_LIST = ("village",)


class MembershipFormSet(BaseInlineFormSet):
    """The memberships of one user, none of them twice."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            given = form.cleaned_data if form.is_valid() else {}
            if not given.get("role") or given.get("DELETE"):
                continue
            held = (given["role"], *(given.get(name) for name in (*_PLACES, "since")))
            if held in seen:
                raise ValidationError(
                    _("Peran dan wilayah yang sama tertulis dua kali. Hapus salah satunya.")
                )
            seen.add(held)


class MembershipInline(KnownKeys, admin.TabularInline):
    model = Membership
    form = MergingForm
    formset = MembershipFormSet
    fields = ("role", "village", "puskesmas", "kecamatan", "district", "since", "until")
    autocomplete_fields = _FEW
    raw_id_fields = _BY_LIST
    extra = 0


class MergingUserForm(MergingForm, UserChangeForm):
    """An account, without wiping what a colleague has changed of it meanwhile."""


class FirstPasswordForm(AdminPasswordChangeForm):
    """A password for somebody else, who has to change it."""

    def set_password_and_save(self, user: User, **kwargs: Any) -> User:
        user.must_change_password = True
        return super().set_password_and_save(user, **kwargs)  # type: ignore[misc]  # not in the stubs


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Nobody is deleted, since what they recorded stays theirs: take away "aktif" instead."""

    form = MergingUserForm
    list_display = ("username", "full_name", "held_roles", "is_active", "is_staff", "last_login")
    list_filter = ("memberships__role", "is_active", "is_staff", "is_superuser")
    search_fields = ("username", "memberships__village__name", "memberships__village__code")
    search_help_text = STAFF_SEARCH_HELP
    inlines = (MembershipInline,)
    change_password_form = FirstPasswordForm
    actions = ("take_second_factor_away",)
    fieldsets = (
        (None, {"fields": ("username", "password", "must_change_password")}),
        (_("Orang"), {"fields": ("full_name", "email")}),
        (
            _("Hak mengatur"),
            {
                "fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions"),
                "description": _(
                    "Kader dan petugas tidak butuh hak ini; wilayah mereka diatur dengan keanggotaan."
                ),
            },
        ),
        (_("Tanggal"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "full_name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        places = [f"memberships__{place}" for place in (*_FEW, "village__kecamatan")]
        return super().get_queryset(request).prefetch_related(*places)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Let only a superuser give rights: a user who may edit users could otherwise take them."""
        readonly = (*super().get_readonly_fields(request, obj), "last_login", "date_joined")
        if request.user.is_superuser:
            return readonly
        return (*readonly, "is_staff", "is_superuser", "groups", "user_permissions")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Let a new user change the password that the administrator made."""
        obj.must_change_password = obj.must_change_password or not change
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Hapus langkah kedua (HP hilang)"), permissions=["change"])
    def take_second_factor_away(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Let users who lost their phone set up another one at their next sign-in."""
        count = 0
        for user in users:
            try:
                if self.has_change_permission(request, user):
                    count += reset_second_factor(user, by=user_of(request))
            except Conflict as reason:
                self.message_user(request, reason.message, messages.ERROR)
        said = ngettext(
            "Langkah kedua %(count)d pengguna dihapus, dan sesinya diakhiri.",
            "Langkah kedua %(count)d pengguna dihapus, dan sesinya diakhiri.",
            count,
        )
        none = gettext("Pengguna itu tidak punya langkah kedua yang bisa dihapus.")
        self.message_user(request, said % {"count": count} if count else none)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Store and delete memberships by the actions that log them."""
        for membership in formset.save(commit=False):
            store_membership(by=user_of(request), membership=membership)
        for membership in formset.deleted_objects:
            delete_membership(by=user_of(request), membership=membership)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("peran"))
    def held_roles(self, user: User) -> str:
        today = timezone.localdate()
        words = (
            (f"{m.get_role_display()}: {place_label(m.place)}", period_words(m, today))
            for m in user.memberships.all()
        )
        return ", ".join(f"{post} ({days})" if days else post for post, days in words)


@admin.register(Membership)
class MembershipAdmin(MergingAdmin):
    list_display = ("user", "role", "place", "since", "until")
    list_select_related = ("user", *_FEW, "village__kecamatan")
    list_filter = ("role", "kecamatan", "puskesmas")
    search_fields = (
        "user__username",
        "village__name",
        "kecamatan__name",
        "puskesmas__name",
    )
    fields = ("user", "role", "village", "puskesmas", "kecamatan", "district", "since", "until")
    autocomplete_fields = ("user", *_FEW)
    raw_id_fields = _BY_LIST

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        store_membership(by=user_of(request), membership=obj)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        delete_membership(by=user_of(request), membership=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            delete_membership(by=user_of(request), membership=membership)

    @admin.display(description=_("wilayah"))
    def place(self, membership: Membership) -> str:
        return place_label(membership.place)
