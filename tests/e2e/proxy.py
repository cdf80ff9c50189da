"""A TCP proxy between a node and its coordinator that can cut, hold and damage what passes."""

import selectors
import socket
import threading

CHUNK_SIZE = 65536


class Proxy:
    """Threads: one of its own; the switches may be turned from any other."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.passed = 0
        self._lock = threading.Lock()
        self._refusing = False
        self._held = False
        self._damage = 0
        self._pairs = []
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._ending = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self):
        """Closes what is connected; new connections are accepted unless refused."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for near, far in pairs:
            for end in (near, far):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self._wake()

    def refuse(self, refusing=True):
        """A partition: cuts, and lets nobody in until told."""
        self._refusing = refusing
        if refusing:
            self.cut()

    def hold(self, held=True):
        """Half open: connections stay and nothing passes."""
        self._held = held
        self._wake()

    def damage(self, count):
        """Flips one bit in each of the next count chunks that pass."""
        with self._lock:
            self._damage += count

    def close(self):
        self._ending = True
        self._wake()
        self._thread.join(10)
        assert not self._thread.is_alive(), "the proxy does not end"
        for part in (self.listener, self._wake_reader, self._wake_writer):
            part.close()

    def _wake(self):
        self._wake_writer.send(b"x")

    def _run(self):
        selector = selectors.DefaultSelector()
        selector.register(self._wake_reader, selectors.EVENT_READ, "wake")
        selector.register(self.listener, selectors.EVENT_READ, "listener")
        others = {}
        while not self._ending:
            for key, _ in selector.select():
                if key.data == "wake":
                    self._wake_reader.recv(CHUNK_SIZE)
                    self._watch(selector, others)
                elif key.data == "listener":
                    self._accept(selector, others)
                elif key.fileobj in others and not self._held:
                    self._pass(selector, others, key.fileobj)
        for end in list(others):
            end.close()
        selector.close()

    def _watch(self, selector, others):
        """While held, ends are not watched, or they would be reported without end."""
        watched = {key.fileobj for key in selector.get_map().values()}
        for end in others:
            if self._held and end in watched:
                selector.unregister(end)
            elif not self._held and end not in watched:
                selector.register(end, selectors.EVENT_READ, "end")

    def _accept(self, selector, others):
        near, _ = self.listener.accept()
        if self._refusing:
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target_port), timeout=5)
        except OSError:
            near.close()
            return
        others[near], others[far] = far, near
        with self._lock:
            self._pairs.append((near, far))
        if not self._held:
            for end in (near, far):
                selector.register(end, selectors.EVENT_READ, "end")

    def _pass(self, selector, others, end):
        try:
            chunk = end.recv(CHUNK_SIZE)
            if chunk:
                others[end].sendall(self._maybe_damaged(chunk))
                self.passed += len(chunk)
                return
        except OSError:
            pass
        self._drop(selector, others, end)

    def _maybe_damaged(self, chunk):
        with self._lock:
            if self._damage == 0:
                return chunk
            self._damage -= 1
        place = len(chunk) // 2
        return chunk[:place] + bytes([chunk[place] ^ 1]) + chunk[place + 1:]

    def _drop(self, selector, others, end):
        other = others.pop(end)
        others.pop(other, None)
        with self._lock:
            self._pairs = [pair for pair in self._pairs if end not in pair]
        watched = {key.fileobj for key in selector.get_map().values()}
        for part in (end, other):
            if part in watched:
                selector.unregister(part)
            part.close()
