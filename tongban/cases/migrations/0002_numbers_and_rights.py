from django.db import migrations

from tongban.base.rights import append_only


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_first")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE cases_number", "DROP SEQUENCE cases_number"),
        migrations.RunSQL(append_only("cases_step"), migrations.RunSQL.noop),
    ]
