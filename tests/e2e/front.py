"""An organisation's sign-in as a proxy before a daemon: it says who asks, as src/http/README.md wants it."""

import contextlib
import re
import socket
import threading

HEAD_MAX = 65536


class Front:
    """Everybody who comes by it is `user` with `roles`; what visitors say of that themselves is taken out. It
    speaks to the daemon from the address `source`. One request a connection, a thread for each."""

    def __init__(self, target_port, user, roles, source="127.0.0.1"):
        self.target_port, self.user, self.roles, self.source = target_port, user, roles, source
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _run(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near):
        """Host and Origin go on as they came, so that the daemon can hold one against the other."""
        with near, contextlib.suppress(OSError):
            got = b""
            while b"\r\n\r\n" not in got:
                piece = near.recv(HEAD_MAX)
                if not piece or len(got) > HEAD_MAX:
                    return
                got += piece
            head, body = got.split(b"\r\n\r\n", 1)
            first, *fields = head.split(b"\r\n")
            kept = [field for field in fields
                    if not re.match(rb"(?i)(x-stafet-|connection:|keep-alive:)", field)]
            said = [b"X-Stafet-User: " + self.user.encode(), b"X-Stafet-Roles: " + self.roles.encode(),
                    b"Connection: close"]
            with socket.create_connection(("127.0.0.1", self.target_port), timeout=20,
                                          source_address=(self.source, 0)) as far:
                far.settimeout(None)
                far.sendall(b"\r\n".join([first, *kept, *said]) + b"\r\n\r\n" + body)
                back = threading.Thread(target=_pass, args=(near, far), daemon=True)
                back.start()
                _pass(far, near)


def _pass(source, target):
    """Bytes until an end closes; then the other is told so."""
    with contextlib.suppress(OSError):
        while piece := source.recv(HEAD_MAX):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
