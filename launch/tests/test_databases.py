import pytest

from launch.databases import Embedded, External, external_from_environment
from launch.tests import build
from launch.words import Trouble
from tongban.base.rights import APP, OWNER, append_only


def test_the_app_reads_and_writes_but_cannot_change_append_only_tables():
    with build.cluster() as cluster:
        databases = Embedded(cluster)
        assert databases.ensure("34") is True
        cluster.sql("CREATE TABLE steps (n int); " + append_only("steps"), database="tongban_34", role=OWNER)
        cluster.sql("INSERT INTO steps VALUES (1)", database="tongban_34", role=APP)
        with pytest.raises(Trouble, match="permission denied"):
            cluster.sql("DELETE FROM steps", database="tongban_34", role=APP)
        with pytest.raises(Trouble, match="permission denied"):
            cluster.sql("CREATE TABLE mine (n int)", database="tongban_34", role=APP)


def test_a_database_that_is_there_stays_as_it_is():
    with build.cluster() as cluster:
        databases = Embedded(cluster)
        databases.ensure("34")
        cluster.sql("CREATE TABLE kept (n int)", database="tongban_34")
        assert databases.ensure("34") is False
        assert cluster.sql("SELECT count(*) FROM kept", database="tongban_34") == ["0"]


def test_a_server_run_by_others_is_addressed_per_node():
    server = External("postgresql://tongban_app@db/tongban_{node}", "postgresql://tongban_owner@db/tongban_{node}")
    assert server.app_url("31") == "postgresql://tongban_app@db/tongban_31"
    assert server.owner_url("31") == "postgresql://tongban_owner@db/tongban_31"


def test_an_app_address_without_an_owner_address_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://tongban_app@db/tongban_{node}")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with pytest.raises(Trouble) as refused:
        external_from_environment()
    assert refused.value.key == "owner_url_missing"


def test_a_server_run_by_others_can_be_dumped_by_its_owner():
    with build.cluster() as cluster, build.reachable_folder() as folder:
        Embedded(cluster).ensure("34")
        cluster.sql("CREATE TABLE kept (n int)", database="tongban_34", role=OWNER)
        address = cluster.url("tongban_{node}", role=OWNER)
        server = External(address, address)
        with server.at_hand():
            server.run("pg_dump", "--format=custom", f"--file={folder / 'dump'}", f"--dbname={server.admin_url('34')}")
            assert "TABLE public kept" in server.run("pg_restore", "--list", folder / "dump")
