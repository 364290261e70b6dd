from django.db import migrations

from tongban.base.rights import append_only


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_first")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE applications_number", "DROP SEQUENCE applications_number"),
        migrations.RunSQL(append_only("applications_paper"), migrations.RunSQL.noop),
    ]
