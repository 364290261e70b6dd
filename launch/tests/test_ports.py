import socket

import pytest

from launch.ports import free_ports, ports_from, raise_if_taken
from launch.words import Trouble


def test_a_port_that_another_program_listens_on_is_named():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(Trouble, match=str(port)):
            raise_if_taken([port])


def test_free_ports_are_different_and_not_taken():
    ports = free_ports(5)
    assert len(set(ports)) == 5
    raise_if_taken(ports)


def test_one_port_counts_on_for_every_node():
    assert ports_from("8000", 3) == [8000, 8001, 8002]


def test_each_node_can_have_the_port_it_is_given():
    assert ports_from("8000,9000", 2) == [8000, 9000]


@pytest.mark.parametrize("text", ["", "x", "0", "70000", "8000,8000", "8000,8001,8002", "65535"])
def test_ports_that_cannot_be_used_are_refused(text):
    with pytest.raises(Trouble) as refused:
        ports_from(text, 2)
    assert refused.value.key == "bad_ports"
