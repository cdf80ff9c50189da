"""HTTP spoken by hand over a socket, so that what no client library sends can be sent."""

import contextlib
import socket
import subprocess

from ports import free_port


class Web:
    """A party's HTTP: its section of the configuration, and ways to reach it."""

    def __init__(self, party, more=""):
        self.party, self.port = party, free_port()
        section = f'\nhttp {{\nlisten = "127.0.0.1:{self.port}"\n{more}\n}}\n'
        party.config.write_text(party.config.read_text() + section)

    def dial(self, seconds=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def ask(self, request, seconds=20, end=False):
        """What comes back for these bytes until the server ends, or after one response."""
        with self.dial(seconds) as peer:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                peer.sendall(request)
            return hear_end(peer) if end else hear(peer)

    def get(self, path, *headers):
        lines = "".join(f"{header}\r\n" for header in headers)
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: a\r\n{lines}\r\n".encode())


def hear_end(peer):
    """Bytes until the other end closes."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := peer.recv(65536):
            got += piece
    return got


def hear(peer):
    """One response, by its Content-Length; fewer bytes when the other end closes."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = peer.recv(65536)
        if not piece:
            return got
        got += piece
    head, body = got.split(b"\r\n\r\n", 1)
    size = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                 if line.lower().startswith(b"content-length:")), 0)
    while len(body) < size:
        piece = peer.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


def status(response):
    assert response.startswith(b"HTTP/1.1 "), response[:200]
    return int(response[9:12])


class Authority:
    """Certificates made here: an authority and what it signs, by openssl."""

    def __init__(self, folder, name="authority"):
        self.folder, self.name = folder, name
        self.key, self.certificate = folder / f"{name}.key", folder / f"{name}.pem"
        self._openssl("req", "-x509", *self._fresh(self.key), "-subj", f"/CN={name}",
                      "-days", "2", "-out", self.certificate)

    @staticmethod
    def _fresh(key):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(("openssl", *map(str, arguments)), check=True, capture_output=True, timeout=60)

    def sign(self, name, usage):
        """usage: serverAuth or clientAuth. The files of certificate and key."""
        key, request = self.folder / f"{name}.key", self.folder / f"{name}.csr"
        certificate, extension = self.folder / f"{name}.pem", self.folder / f"{name}.ext"
        extension.write_text(f"extendedKeyUsage={usage}\nsubjectAltName=IP:127.0.0.1\n")
        self._openssl("req", *self._fresh(key), "-subj", f"/CN={name}", "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                      "-CAcreateserial", "-days", "2", "-extfile", extension, "-out", certificate)
        return certificate, key
