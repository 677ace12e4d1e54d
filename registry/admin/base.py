"""What several pages of the admin share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.access.decorators import user_of
from registry.access.reading import note_child, note_villages
from registry.models import District, Kecamatan, Puskesmas, Village


def place_label(place: District | Kecamatan | Puskesmas | Village | None) -> str:
    """Return a name of the place that is unique: sixteen villages share theirs, so the kecamatan is added."""
    return f"{place} ({place.kecamatan})" if isinstance(place, Village) else str(place)


class ViewOnly:
    """Rows that are looked at here and written elsewhere, by an action or a count."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ViewOnlyAdmin(ViewOnly, admin.ModelAdmin):
    # Counting a table of millions for "of how many" costs more than the page.
    show_full_result_count = False


class VisibleRowsAdmin(ViewOnlyAdmin):
    """Of these rows an administrator sees those that anybody of the same roles and places sees."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model.objects.visible_to(user_of(request))


STAFF_SEARCH_HELP = gettext_lazy(
    "Cari dengan nama pengguna, desa atau kodenya; nama orang tidak dicari, karena alamat halaman tercatat."
)
"""Said above tables of people who work here, whose search is part of an address that is logged."""


class PeopleAdmin(ViewOnlyAdmin):
    """Rows about children: listed of one village or child at a time, and who looks at them is logged.

    What is typed into the search becomes part of the address, and addresses are logged: no name is looked for
    here.
    """

    search_help_text = gettext_lazy(
        "Tulis kode desa (33.01.02.2009) atau nomor anak; tanpa itu daftarnya kosong."
    )
    child_id = "child_id"
    """The attribute that says which child a row is about."""
    village = "village"
    """The lookup that leads to the village of a row."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        rows = queryset.none()
        if village := Village.objects.filter(pk=search_term.strip()).first():
            note_villages([village.pk])
            rows = queryset.filter(**{self.village: village})
        elif child_id := _uuid_of(search_term):
            note_child(child_id)
            rows = queryset.filter(**{self.child_id: child_id})
        return rows, False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            note_child(getattr(row, self.child_id))
        return row


def _uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None


class MergingForm(forms.ModelForm):
    """A form that keeps what others have changed since it was drawn, and shows both values of a clash."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            for field in self.fields.values():
                field.show_hidden_initial = not field.disabled

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.fields:
            if name in self.cleaned_data:
                self._merge(name)
        return cleaned

    def _merge(self, name: str) -> None:
        """Take over what is stored now, where this form leaves the field as it was drawn."""
        bound, field = self[name], self.fields[name]
        if not field.show_hidden_initial or bound.html_initial_name not in self.data:
            return
        drawn = field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        now = self.get_initial_for_field(field, name)
        if not field.has_changed(now, drawn) or not field.has_changed(now, bound.data):
            return
        shown = field.prepare_value(now)
        if not field.has_changed(field.to_python(drawn), bound.data):
            self.cleaned_data[name] = field.clean(shown)
            return
        sentence = _(
            "Sementara halaman ini terbuka, orang lain menyimpan “%(stored)s”; Anda menulis “%(typed)s”. "
            "Simpan lagi untuk memakai yang Anda tulis, atau tulis nilai yang benar."
        )
        data = cast(QueryDict, self.data).copy()
        data[bound.html_initial_name] = "" if shown is None else str(shown)
        self.data = data
        self.add_error(name, sentence % {"stored": self._words(name, now), "typed": self._words(name)})

    def _words(self, name: str, value: Any = None) -> str:
        chosen = self.cleaned_data[name] if value is None else self.fields[name].clean(value)
        return str(dict(getattr(self.fields[name], "choices", ())).get(chosen, chosen))


class KnownKeySelect(AutocompleteSelect):
    """A choice by search that shows nothing chosen where what was sent can be no key; Django's own fails."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [one for one in value if self._can_be_key(one)], attr)

    def _can_be_key(self, value: str) -> bool:
        key = self.field.remote_field.model._meta.pk
        try:
            key.clean(value, None)
        except ValidationError:
            return False
        return "\0" not in value


class KnownKeys:
    """Forms of the admin whose searched choices are drawn whatever was sent."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = KnownKeySelect(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class MergingAdmin(KnownKeys, admin.ModelAdmin):
    """Rows that several people edit: an older page never wipes what a newer one has saved."""

    form = MergingForm


class FixedOnceAddedAdmin(MergingAdmin):
    """Rows some of whose fields, ``fixed``, are set when added and never after."""

    fixed: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        readonly = tuple(super().get_readonly_fields(request, obj))
        return (*readonly, *self.fixed) if obj else readonly
