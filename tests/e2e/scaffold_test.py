"""What the other tests stand on: each helper does its work, and can fail."""

import base64
import pathlib
import socket
import sys

import pytest

import canary
from ports import free_port
from wait import TooLate, holds, until

ECHO = """
import signal, socket, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(int(sys.argv[2])))
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print('{"event": "ready"}', flush=True)
while True:
    peer, _ = server.accept()
    while chunk := peer.recv(65536):
        peer.sendall(chunk)
"""


def is_ready(daemon):
    return daemon.events("ready")


def echo_command(port, code=0):
    return [sys.executable, "-c", ECHO, port, code]


def exchange(port, content, seconds=5):
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as peer:
        peer.sendall(content)
        return peer.recv(65536)


def test_until_past_its_bound_says_what_was_missing():
    values = iter([0, 0, 7])
    assert until(lambda: next(values), 5, "seven") == 7
    with pytest.raises(TooLate, match="not within 0.1 s: pigs fly"):
        until(lambda: False, 0.1, "pigs fly")
    with pytest.raises(AssertionError, match="held no longer"):
        holds(lambda: False, 0.1, "nothing")


def test_ports_are_never_given_twice():
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50


def test_daemon_killed_and_started_again_serves(daemons):
    port = free_port()
    daemon = daemons("echo", echo_command(port), is_ready)
    assert exchange(port, b"one") == b"one"
    daemon.kill()
    assert not daemon.running()
    with pytest.raises(OSError):
        exchange(port, b"two")
    daemon.start()
    until(lambda: len(daemon.events("ready")) == 2, 5, "the second start")
    assert exchange(port, b"three") == b"three"


def test_daemon_that_ends_badly_fails_its_test(folder):
    from daemon import Daemon
    daemon = Daemon("echo", echo_command(free_port(), 3), folder / "echo.log", is_ready).start()
    with pytest.raises(AssertionError, match="echo ended with 3"):
        daemon.stop()
    dead = Daemon("dead", ["/bin/false"], folder / "dead.log", lambda _: False)
    with pytest.raises(AssertionError, match="dead ended with 1 at start"):
        dead.start()


def test_daemon_with_a_sanitizer_report_fails_its_test(folder):
    from daemon import Daemon
    path = folder / "echo.log"
    daemon = Daemon("echo", echo_command(free_port()), path, is_ready).start()
    path.write_text(path.read_text() + "x.c:1: runtime error: signed overflow\n")
    with pytest.raises(AssertionError, match="signed overflow"):
        daemon.stop()


def test_proxy_passes_damages_holds_and_cuts(daemons, proxies):
    port = free_port()
    daemons("echo", echo_command(port), is_ready)
    proxy = proxies(port)
    assert exchange(proxy.port, b"baton") == b"baton"
    proxy.damage(1)
    assert exchange(proxy.port, b"baton") == b"bauon"
    proxy.hold()
    with pytest.raises(socket.timeout):
        exchange(proxy.port, b"baton", seconds=0.3)
    proxy.cut()
    proxy.hold(False)
    proxy.refuse()
    with pytest.raises(OSError):
        if exchange(proxy.port, b"baton", seconds=2) == b"":
            raise ConnectionResetError
    proxy.refuse(False)
    until(lambda: exchange(proxy.port, b"baton") == b"baton", 5, "the way is open again")


@pytest.mark.parametrize("written", [
    b"7001011234", b"700101-1234", "7001011234".encode("utf-16-le"), b"7001011234".hex().encode(),
    base64.b64encode(b"7001011234"), base64.b64encode(b"x7001011234"),
    base64.b64encode(b"xy7001011234z")])
def test_canary_is_found_in_every_writing(folder, written):
    path = pathlib.Path(folder) / "deep" / "store.db"
    path.parent.mkdir()
    path.write_bytes(b"\x00\x01" + written + b"\xff")
    assert canary.search(folder, ["7001011234"]) == [(str(path), "7001011234")]
    with pytest.raises(AssertionError, match="1 places name a person"):
        canary.assert_absent(folder, ["7001011234"])


def test_canary_search_of_clean_files_passes(folder):
    (folder / "store.db").write_bytes(bytes(range(256)) * 100)
    canary.assert_absent(folder, ["7001011234", "Bruno Skovgaard"])
    assert not (folder / "planted-control").exists()
