"""Ports on loopback: whether one is taken, and which are free."""

import socket

from launch.words import Trouble


def raise_if_taken(ports: list[int]) -> None:
    """Raises Trouble `port_taken` for the first port that another program listens on."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise Trouble("port_taken", port=port) from None


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def ports_from(text: str, count: int) -> list[int]:
    """`8000` counts on from there, `8000,8005` names each. Raises Trouble `bad_ports`."""
    parts = text.split(",")
    if not all(part.isdigit() and 0 < int(part) < 65536 for part in parts) or len(parts) not in (1, count):
        raise Trouble("bad_ports", text=text)
    ports = [int(part) for part in parts]
    if len(ports) == 1 and count > 1:
        ports = list(range(ports[0], ports[0] + count))
    if ports[-1] > 65535 or len(set(ports)) != count:
        raise Trouble("bad_ports", text=text)
    return ports
