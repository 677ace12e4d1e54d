"""Makes the names of accounts unique in whatever capitals; stops where two accounts differ only in them."""

from collections import defaultdict

from django.db import migrations, models
from django.db.models.functions import Upper


def find_clashes(names):
    """Return the names that differ only in capitals, in groups."""
    groups = defaultdict(list)
    for name in sorted(names):
        groups[name.upper()].append(name)
    return [group for group in groups.values() if len(group) > 1]


def require_no_clash(apps, schema_editor):
    names = apps.get_model("registry", "User").objects.values_list("username", flat=True)
    if clashes := find_clashes(names):
        written = "; ".join(", ".join(group) for group in clashes)
        raise RuntimeError(
            f"Nama pengguna ini hanya beda huruf besar dan kecil: {written}. Ganti salah satunya di halaman "
            "admin versi sebelumnya, lalu jalankan migrate lagi. / These user names differ only in capitals: "
            f"{written}. Rename one of them in the admin of the version before, then run migrate again."
        )


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("registry", "0011_membership_since"),
    ]

    operations = [
        migrations.AlterModelManagers(name="user", managers=[]),
        migrations.RunPython(require_no_clash, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                Upper("username"),
                name="user_once_in_any_capitals",
                violation_error_message=(
                    "Nama pengguna itu sudah dipakai; huruf besar dan kecil tidak dibedakan."
                ),
            ),
        ),
    ]
