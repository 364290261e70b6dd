"""Database rights as SQL: the owner migrates, the app role reads and writes, history is append-only.

The two roles have fixed names on every server, so that a migration can name them.
"""

OWNER = "tongban_owner"
APP = "tongban_app"

OPEN_TO_APP = f"""
GRANT USAGE ON SCHEMA public TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP};
"""


def append_only(table: str) -> str:
    """For a migration's RunSQL: from now on the app role can add rows to the table and read them, nothing else."""
    return f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP};"
