from django.db import migrations


def empty(apps, schema_editor):
    """Forget what was typed at sign-ins that failed: after an ended session, whole forms about children."""
    apps.get_model("axes", "AccessAttempt").objects.update(get_data="", post_data="")


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0007_former_village_code"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [migrations.RunPython(empty, migrations.RunPython.noop)]
