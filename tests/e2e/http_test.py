"""HTTP of a real node, spoken by hand: what is refused, who is slow, how many there may be, TLS."""

import json
import selectors
import socket
import ssl
import subprocess
import time

import pytest

from wait import until
from web import Authority, Web, hear, hear_end, status

HOST = b"Host: a\r\n"


@pytest.fixture
def web(region):
    """A municipality's node with HTTP on a loopback address."""
    party = region.party("Nordby Kommune", "municipality").sign().approve()
    face = Web(party, "connections-max = 1100")
    party.start()
    region.nodes.append(party)
    party.wait_connected()
    return face


def test_health_readiness_and_version_need_no_token(web):
    health = web.get("/healthz")
    assert status(health) == 200 and health.endswith(b'{"alive":true}\n')
    ready = json.loads(web.get("/readyz").split(b"\r\n\r\n", 1)[1])
    assert ready == {"ready": True, "link": "connected"}
    version = json.loads(web.get("/version").split(b"\r\n\r\n", 1)[1])
    assert version["program"] == "node" and version["version"]
    for response in (health, web.get("/metrics"), web.get("/no")):
        head = response.split(b"\r\n\r\n")[0]
        assert b"X-Content-Type-Options: nosniff" in head and b"Cache-Control: no-store" in head
        assert b"Server:" not in head and b"icrohttpd" not in response
    assert status(web.get("/metrics")) in (401, 403)
    assert status(web.get("/no")) == 404
    refused = web.ask(b"DELETE /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
    assert status(refused) == 405 and b"Allow: GET, HEAD\r\n" in refused
    head = web.ask(b"HEAD /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", end=True)
    assert status(head) == 200 and head.endswith(b"\r\n\r\n")


def test_coordinator_tells_its_health(region):
    region.coordinator.stop()
    face = Web(region.coordinator)
    region.coordinator.start()
    assert status(face.get("/readyz")) == 200
    assert json.loads(face.get("/version").split(b"\r\n\r\n", 1)[1])["program"] == "coordinator"
    # Who shows no token is nobody; and letters are a node's.
    assert status(face.get("/metrics")) == 401
    assert status(face.get("/api/v1/inbox")) == 404


def test_a_request_leaves_a_line_without_what_was_asked(region):
    party = region.party("Sydby Kommune", "municipality").sign().approve()
    face = Web(party)
    party.config.write_text(party.config.read_text() + 'log { level = "debug" }\n')
    party.start()
    region.nodes.append(party)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = face.get("/healthz?name=nancy", f"traceparent: {trace}", "Connection: close")
    assert f"\r\ntraceparent: {trace}\r\n".encode() in answer
    asked = "/api/v1/transitions/6e616e63790000000000000000000000"
    refused = face.get(asked, "traceparent: nancy", "Connection: close")
    assert status(refused) == 401 and b"traceparent" not in refused
    assert status(face.get("/nancy", "Connection: close")) == 404
    lines = until(lambda: (ends := party.daemon.events("request-ended"))[2:] and ends,
                  20, "three requests in the log")
    told = [{name: line[name] for name in ("method", "route", "status", "traceparent")
             if name in line} for line in lines]
    assert {"method": "get", "route": "/healthz", "status": status(answer),
            "traceparent": trace} in told
    assert {"method": "get", "route": "/api/v1/transitions/{id}", "status": 401} in told
    assert {"method": "get", "status": 404} in told
    assert all(line["level"] == "debug" and line["duration_ms"] >= 0 for line in lines)
    log = party.daemon.output()
    assert "nancy" not in log and "6e616e6379" not in log


SMUGGLED = [
    b"Content-Length: 4\r\nContent-Length: 0\r\n\r\nGET ",
    b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nGET ",
    b"Content-Length: 4, 4\r\n\r\nGET ",
    b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: identity\r\n\r\n",
    b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\n\r\n",
    b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    b"Transfer-\r\n Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"X: y\nTransfer-Encoding: chunked\r\nZ: z\r\n\r\n0\r\n\r\n",
    b"X: y\r\x00\r\nZ: z\r\n\r\n",
    b"X: a\x00b\r\nZ: z\r\n\r\n",
    b"X: a\x0bb\r\n\r\n",
    b"X\x00Y: a\r\n\r\n",
    b"Host: b\r\n\r\n",
    b"Content-Length: 1\r\n 0\r\n\r\nGET /",
    b"Content-Length: -1\r\n\r\n",
    b"Content-Length: 0x4\r\n\r\nGET ",
]


def test_what_has_two_readings_is_refused(web):
    """FACTS: shapes that the library lets through. Nothing behind them is read as a request."""
    for shape in SMUGGLED:
        response = web.ask(b"POST /healthz HTTP/1.1\r\n" + HOST + shape
                           + b"GET /version HTTP/1.1\r\n" + HOST + b"\r\n", end=True)
        assert status(response) == 400, shape
        assert b"Connection: close\r\n" in response, shape
        assert b"HTTP/1.1 2" not in response and b"stafet-node" not in response, shape


def test_other_forms_of_a_target_are_refused(web):
    for line in (b"GET http://b/healthz HTTP/1.1", b"OPTIONS * HTTP/1.1", b"CONNECT a:1 HTTP/1.1",
                 b"GET /a/../healthz HTTP/1.1", b"GET /%2e%2e/healthz HTTP/1.1",
                 b"GET //healthz HTTP/1.1", b"GET /healthz%00 HTTP/1.1", b"GET /a%2fb HTTP/1.1",
                 b"GET /healthz#x HTTP/1.1", b"GET /h\xc3\xb8 HTTP/1.1", b"GET healthz HTTP/1.1"):
        assert status(web.ask(line + b"\r\n" + HOST + b"\r\n", end=True)) == 400, line
    assert status(web.ask(b"GET /healthz HTTP/1.1\r\n\r\n", end=True)) == 400
    assert status(web.ask(b"GET http://a/healthz HTTP/1.1\r\n" + HOST + b"\r\n")) == 200


def test_bodies_and_heads_that_are_too_large_are_refused(web):
    announced = web.ask(b"POST /healthz HTTP/1.1\r\n" + HOST
                        + b"Expect: 100-continue\r\nContent-Length: 8323073\r\n\r\n", end=True)
    assert status(announced) == 413
    field = b"X-Long: " + b"x" * 5000 + b"\r\n"
    assert b"431" in web.ask(b"GET /healthz HTTP/1.1\r\n" + HOST + 5 * field + b"\r\n", end=True)[:16]
    assert b"414" in web.ask(b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\n", end=True)[:16]


def test_half_closed_client_is_answered(web):
    with web.dial() as peer:
        peer.sendall(b"GET /readyz HTTP/1.1\r\n" + HOST + b"\r\n")
        peer.shutdown(socket.SHUT_WR)
        assert status(hear_end(peer)) == 200


def has_ended(peer, says):
    """False while the connection stands; a byte more goes out when the peer says anything still."""
    try:
        peer.settimeout(0.5)
        if says:
            peer.sendall(b"x")
        return peer.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_slow_senders_are_cut_off_whatever_they_send(web):
    """A byte now and then buys no time, in the head or in the body, and half a request whose
    sender has ended is no request; others are served meanwhile."""
    begun, ended = time.monotonic(), {}
    drips = [(b"GET /healthz HTTP/1.1\r\n", True), (b"POST /a HTTP/1.1\r\n" + HOST + b"X: ", True),
             (b"POST /a HTTP/1.1\r\n" + HOST, False)]
    peers = {web.dial(): says for _, says in drips}
    for peer, (request, says) in zip(peers, drips):
        peer.sendall(request)
        if not says:
            peer.shutdown(socket.SHUT_WR)
    while len(ended) < len(peers):
        assert time.monotonic() - begun < 60, "they were not cut off"
        for peer, says in peers.items():
            if peer not in ended and has_ended(peer, says):
                ended[peer] = time.monotonic() - begun
        assert status(web.get("/healthz")) == 200
    for peer, says in peers.items():
        assert ended[peer] < 45 and (not says or ended[peer] > 25), ended
        peer.close()


def ask_all(peers, request, seconds):
    """Each peer sends the request, and all are heard at once: how many were answered with 200."""
    selector = selectors.DefaultSelector()
    good, left = 0, {}
    for peer in peers:
        peer.sendall(request)
        peer.setblocking(False)
        selector.register(peer, selectors.EVENT_READ)
        left[peer] = b""
    end = time.monotonic() + seconds
    while left and time.monotonic() < end:
        for key, _ in selector.select(1):
            peer = key.fileobj
            left[peer] += peer.recv(65536)
            if left[peer].endswith(b'{"alive":true}\n'):
                good += left.pop(peer).startswith(b"HTTP/1.1 200")
                selector.unregister(peer)
                peer.setblocking(True)
    selector.close()
    return good


def test_active_connections_are_all_answered(web):
    """FACTS: driven in another way the library broke down at exactly 128."""
    for count in (127, 128, 129, 1000):
        ask_rounds(web, count)


def ask_rounds(web, count):
    peers = [web.dial() for _ in range(count)]
    try:
        begun = time.monotonic()
        for _ in range(5):
            good = ask_all(peers, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 30)
            assert good == count
        print(f"{count} connections: {5 * count / (time.monotonic() - begun):.0f} requests/s")
    finally:
        for peer in peers:
            peer.close()


def test_connections_of_one_address_are_bounded(region):
    party = region.party("Sydby Kommune", "municipality")
    face = Web(party, "connections-of-address = 3")
    party.sign().approve()
    party.start()
    peers = [face.dial() for _ in range(3)]
    for peer in peers:
        peer.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
        assert status(hear(peer)) == 200
    with face.dial() as one_more:
        assert hear_end(one_more) == b""
    for peer in peers:
        peer.close()
    party.stop()


def shake(face, authority, certificate=None, newest=ssl.TLSVersion.TLSv1_3):
    """One request over TLS: the response, or None when the server refuses the client."""
    context = ssl.create_default_context(cafile=str(authority.certificate))
    context.maximum_version = newest
    if certificate:
        context.load_cert_chain(*map(str, certificate))
    try:
        with face.dial() as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as peer:
            assert peer.version() == "TLSv1.3"
            peer.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
            return hear(peer) or None
    except (ssl.SSLError, ConnectionResetError, BrokenPipeError):
        return None


def test_tls_is_1_3_and_clients_show_their_certificate(region, programs):
    authority, stranger = Authority(region.folder), Authority(region.folder, "stranger")
    server = authority.sign("server", "serverAuth")
    client = authority.sign("client", "clientAuth")
    party = region.party("Sydby Kommune", "municipality")
    files = f'certificate = "{server[0]}"\nkey = "{server[1]}"\n'
    face = Web(party, files + f'client-authority = "{authority.certificate}"')
    party.sign().approve()
    party.start()
    answer = shake(face, authority, client)
    assert answer and status(answer) == 200
    assert shake(face, authority) is None, "without a certificate"
    assert shake(face, authority, stranger.sign("other", "clientAuth")) is None, "of a stranger"
    assert shake(face, authority, server) is None, "of a server"
    assert shake(face, authority, client, ssl.TLSVersion.TLSv1_2) is None, "TLS 1.2"
    with face.dial() as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
        assert b"HTTP/1.1 200" not in hear_end(plain)
    answer = shake(face, authority, client)
    assert answer and status(answer) == 200
    party.stop()
    server[1].chmod(0o644)
    done = subprocess.run((programs / "stafet-node", party.config), capture_output=True, text=True,
                          timeout=20, check=False)
    assert done.returncode == 1 and "everybody can reach this key" in done.stderr


def test_what_is_open_to_others_without_tls_is_refused(region, programs):
    party = region.party("Sydby Kommune", "municipality")
    before = party.config.read_text()
    line = before.count("\n") + 3
    for section, reason in (
            ('listen = "0.0.0.0:8080"', f":{line}: section 'http': without 'certificate'"),
            ('listen = "192.0.2.7:8080"', f":{line}: section 'http': without 'certificate'"),
            ('listen = "127.0.0.1:8080"\ncertificate = "c.pem"', f":{line}: section 'http': 'cert"),
            ('listen = "localhost:8080"', f":{line}: 'listen' must be a numeric address")):
        party.config.write_text(before + f"\nhttp {{\n{section}\n}}\n")
        done = subprocess.run((programs / "stafet-node", "--check-config", party.config),
                              capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 1 and reason in done.stderr, done.stderr
