from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpmConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "kpm"
    verbose_name = _("Kader Pembangunan Manusia (KPM)")

    def ready(self) -> None:
        """Let the cases follow what the register's actions change, and files of beneficiaries come in."""
        from kpm.audit_actions import forget_audit_texts
        from kpm.beneficiary_import import BeneficiaryFiles
        from kpm.case_actions import forget_notes, refresh_cases
        from kpm.convergence_actions import forget_beneficiaries
        from registry.actions.refresh import children_changed, children_pseudonymised, records_expired
        from registry.imports.row_writers import register_writer

        def follow(sender: Any, children: Collection[UUID], **kwargs: Any) -> None:
            refresh_cases(children)

        def forget(sender: Any, children: Collection[UUID], **kwargs: Any) -> None:
            forget_notes(children)
            forget_audit_texts(children)

        def forget_others(sender: Any, limit: date, **kwargs: Any) -> None:
            forget_beneficiaries(limit)

        children_changed.connect(follow, weak=False, dispatch_uid="kpm.cases")
        children_pseudonymised.connect(forget, weak=False, dispatch_uid="kpm.cases")
        records_expired.connect(forget_others, weak=False, dispatch_uid="kpm.beneficiaries")
        register_writer(BeneficiaryFiles())
