"""A node's side of the transport: DEALER, CURVE, one Frame a message (section 3)."""

import time

import zmq
from zmq.utils import z85

from . import schema

FRAME_MOST = 1572864


class Silence(AssertionError):
    """What was waited for did not come within its bound."""


class Link:
    """Not for several threads."""

    def __init__(self, endpoint, server_key, public_key, secret_key):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        for option, value in ((zmq.IMMEDIATE, 1), (zmq.RECONNECT_IVL, 200),
                              (zmq.RECONNECT_IVL_MAX, 30000), (zmq.HEARTBEAT_IVL, 5000),
                              (zmq.HEARTBEAT_TIMEOUT, 15000), (zmq.HEARTBEAT_TTL, 30000),
                              (zmq.LINGER, 0), (zmq.HANDSHAKE_IVL, 5000),
                              (zmq.CURVE_SERVERKEY, z85.encode(server_key)),
                              (zmq.CURVE_PUBLICKEY, z85.encode(public_key)),
                              (zmq.CURVE_SECRETKEY, z85.encode(secret_key))):
            self.socket.setsockopt(option, value)
        self.monitor = self.socket.get_monitor_socket()
        self.socket.connect(endpoint)
        self.waiting = []

    def close(self):
        self.socket.disable_monitor()
        self.monitor.close(0)
        self.socket.close(0)
        self.context.term()

    def connected(self, seconds=5):
        """True after a CURVE handshake; False when it was refused or did not come."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not self.monitor.poll(int(left * 1000) + 1):
                break
            event = int.from_bytes(self.monitor.recv_multipart()[0][:2], "little")
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                return True
            if event in (zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL):
                return False
        return False

    def send(self, **frame):
        self.send_bytes(schema.frame.Frame(**frame).SerializeToString())

    def send_bytes(self, content, seconds=5):
        if not self.socket.poll(int(seconds * 1000), zmq.POLLOUT):
            raise Silence("nobody to send to")
        self.socket.send(content)

    def _next(self, seconds):
        if not self.socket.poll(max(int(seconds * 1000), 1)):
            return None
        parts = self.socket.recv_multipart()
        assert len(parts) == 1, "a frame is one part"
        assert len(parts[0]) <= FRAME_MOST
        return schema.read(schema.frame.Frame, parts[0])

    def receive(self, *kinds, seconds=10, where=lambda _: True):
        """The next frame of one of kinds for which where(value) holds; others wait their turn."""
        end = time.monotonic() + seconds
        place = 0
        while True:
            while place < len(self.waiting):
                frame = self.waiting[place]
                name = frame.WhichOneof("frame")
                if (not kinds or name in kinds) and where(getattr(frame, name)):
                    del self.waiting[place]
                    return getattr(frame, name)
                place += 1
            left = end - time.monotonic()
            frame = self._next(left) if left > 0 else None
            if frame is None:
                got = [frame.WhichOneof("frame") for frame in self.waiting]
                raise Silence(f"no {' or '.join(kinds)} within {seconds} s; there came {got}")
            self._keep(frame)

    def _keep(self, frame):
        name = frame.WhichOneof("frame")
        if name == "ping" and not frame.ping.reply:
            self.send(ping=schema.frame.Ping(number=frame.ping.number, reply=True,
                                             now_ms=int(time.time() * 1000)))
        elif name is not None:
            self.waiting.append(frame)

    def quiet(self, *kinds, seconds=1):
        """True when no frame of these kinds comes for so long."""
        try:
            self.receive(*kinds, seconds=seconds)
        except Silence:
            return True
        return False
