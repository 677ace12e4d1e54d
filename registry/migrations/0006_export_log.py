import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_count_anew"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="pada")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("eppgbm", "e-PPGBM"),
                            ("sigizi-identitas", "Sigizi, identitas"),
                            ("sigizi-pengukuran", "Sigizi, pengukuran"),
                            ("anthro", "WHO Anthro dan ENA, tanpa nama"),
                        ],
                        max_length=20,
                        verbose_name="isi",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("csv", "CSV"),
                            ("xlsx", "Excel (.xlsx)"),
                            ("xls", "Excel 97-2003 (.xls)"),
                        ],
                        max_length=4,
                        verbose_name="bentuk",
                    ),
                ),
                ("place_code", models.CharField(max_length=20, verbose_name="kode wilayah")),
                (
                    "month_from",
                    models.DateField(
                        blank=True, help_text="hari pertama bulan", null=True, verbose_name="dari bulan"
                    ),
                ),
                (
                    "month_to",
                    models.DateField(
                        blank=True, help_text="hari pertama bulan", null=True, verbose_name="sampai bulan"
                    ),
                ),
                ("rows", models.PositiveIntegerField(verbose_name="baris")),
                ("children", models.PositiveIntegerField(verbose_name="anak")),
                ("unmasked", models.BooleanField(default=False, verbose_name="dengan NIK utuh")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="alasan")),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.district",
                        verbose_name="kabupaten",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pengguna",
                    ),
                ),
            ],
            options={
                "verbose_name": "berkas keluar",
                "verbose_name_plural": "berkas keluar",
                "ordering": ["-at"],
                "indexes": [models.Index(fields=["district", "-at"], name="export_by_district")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("unmasked", False), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="export_with_nik_says_why",
                    )
                ],
            },
        ),
    ]
