from django.db import migrations

from tongban.base.rights import APP

# Of a paper only the encrypted page may change: emptied when its time is over, or put under a new key.
OPEN = f"GRANT UPDATE (content) ON applications_paper TO {APP}"
SHUT = f"REVOKE UPDATE (content) ON applications_paper FROM {APP}"


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_numbers_and_rights")]

    operations = [migrations.RunSQL(OPEN, SHUT)]
