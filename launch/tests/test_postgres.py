import os
import stat
from pathlib import Path

import pytest

from launch.leftovers import clear_stale_pid_file, holders
from launch.postgres import SOCKET_PATH_LIMIT, Cluster
from launch.tests import build
from launch.words import Trouble


def test_committed_rows_survive_a_kill():
    with build.cluster() as cluster:
        cluster.sql("CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 100)")
        cluster.kill()
        assert holders(cluster.data) == []
        cluster.start()
        assert cluster.sql("SELECT count(*) FROM kept") == ["100"]


def test_data_is_found_again_after_a_clean_stop():
    with build.cluster() as cluster:
        cluster.sql("CREATE TABLE kept (n int)")
        cluster.stop()
        cluster.start()
        assert cluster.sql("SELECT count(*) FROM kept") == ["0"]


def test_nobody_else_can_enter_the_folder_of_the_socket():
    with build.cluster() as cluster:
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        assert cluster.sql("SHOW listen_addresses") == [""]


def test_the_server_never_runs_as_root():
    with build.cluster() as cluster:
        assert all(Path(f"/proc/{pid}").stat().st_uid != 0 for pid in holders(cluster.data))
        assert holders(cluster.data)


def test_commits_are_durable_unless_told_otherwise():
    with build.reachable_folder() as folder:
        cluster = Cluster(folder / "postgres")
        cluster.start()
        try:
            assert cluster.sql("SHOW fsync") == ["on"]
            assert cluster.sql("SHOW synchronous_commit") == ["on"]
        finally:
            cluster.destroy()


def test_two_launchers_cannot_use_one_cluster():
    with build.cluster() as cluster, pytest.raises(Trouble) as refused:
        Cluster(cluster.folder).start()
    assert refused.value.key == "in_use"


def test_a_server_left_by_a_dead_launcher_is_ended_and_its_data_found():
    with build.cluster() as cluster:
        cluster.sql("CREATE TABLE kept (n int)")
        cluster._lock.release()
        successor = Cluster(cluster.folder, durable=False)
        successor.start()
        assert successor.sql("SELECT count(*) FROM kept") == ["0"]
        successor.stop()


def test_a_pid_file_whose_number_belongs_to_a_stranger_is_cleared():
    with build.cluster() as cluster:
        cluster.kill()
        pid_file = cluster.data / "postmaster.pid"
        pid_file.write_text(pid_file.read_text().replace(pid_file.read_text().split("\n")[0], str(os.getpid()), 1))
        cluster.start()
        assert cluster.sql("SELECT 1") == ["1"]


def test_a_pid_file_of_a_process_that_is_gone_is_left_to_the_server(tmp_path):
    (tmp_path / "postmaster.pid").write_text("4194303\n")
    clear_stale_pid_file(tmp_path)
    assert (tmp_path / "postmaster.pid").exists()


def test_an_initdb_that_was_interrupted_leaves_nothing_in_the_way():
    with build.cluster() as cluster:
        cluster.stop()
        unfinished = cluster.data.parent / "new-1"
        cluster.data.rename(unfinished)
        cluster.start()
        assert not unfinished.exists()
        assert cluster.sql("SELECT 1") == ["1"]


def test_a_path_too_long_for_a_socket_moves_the_socket():
    with build.reachable_folder() as folder, build.cluster(folder=folder / ("x" * SOCKET_PATH_LIMIT)) as cluster:
        assert len(str(cluster.socket)) <= SOCKET_PATH_LIMIT
        assert cluster.sql("SELECT 1") == ["1"]


def test_data_of_another_version_is_refused_by_name():
    with build.cluster() as cluster:
        cluster.stop()
        (cluster.data / "PG_VERSION").write_text("12\n")
        with pytest.raises(Trouble, match="PostgreSQL 12"):
            cluster.start()


def test_a_folder_closed_to_the_database_user_is_served_from_elsewhere(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with build.cluster(folder=closed / "postgres") as cluster:
        assert cluster.user is None or cluster.user.reaches(cluster.data)
        assert cluster.sql("SELECT 1") == ["1"]


def test_two_character_chinese_words_have_trigrams():
    with build.cluster() as cluster:
        cluster.sql("CREATE EXTENSION pg_trgm")
        assert cluster.sql("SELECT cardinality(show_trgm('社保'))") == ["3"]


def test_a_copy_holds_the_same_data():
    with build.cluster() as cluster, build.reachable_folder() as folder:
        cluster.sql("CREATE TABLE kept (n int)")
        cluster.stop()
        copy = Cluster(folder / "postgres", durable=False)
        copy.copy_from(cluster)
        copy.start()
        assert copy.sql("SELECT count(*) FROM kept") == ["0"]
        copy.destroy()


def test_a_wrong_statement_is_reported_with_the_servers_reason():
    with build.cluster() as cluster, pytest.raises(Trouble, match="does not exist"):
        cluster.sql("SELECT * FROM nowhere")
