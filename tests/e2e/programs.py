"""A folder that disappears, daemons that are stopped and checked, proxies that are closed."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from daemon import Daemon
from proxy import Proxy
from region import Region


@pytest.fixture
def folder():
    """Short, since the name of an AF_UNIX socket has 107 bytes; kept when STAFET_KEEP is set."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="stafet-"))
    yield path
    if os.environ.get("STAFET_KEEP"):
        print(f"kept: {path}")
    else:
        shutil.rmtree(path)


@pytest.fixture
def daemons(folder):
    """daemons(name, command, ready) starts one; all are stopped at the end, the last one first."""
    started = []

    def start(name, command, ready, environment=None):
        daemon = Daemon(name, command, folder / f"{name}.log", ready, environment)
        started.append(daemon)
        return daemon.start()

    yield start
    failures = []
    for daemon in reversed(started):
        try:
            daemon.stop()
        except AssertionError as failure:
            failures.append(str(failure))
            if daemon.running():
                daemon.kill()
    assert not failures, "\n".join(failures)


@pytest.fixture
def proxies():
    """proxies(target_port) puts one before a port."""
    opened = []

    def open_proxy(target_port):
        opened.append(Proxy(target_port))
        return opened[-1]

    yield open_proxy
    for proxy in opened:
        proxy.close()


@pytest.fixture
def programs():
    """The folder of stafet, stafet-node and stafet-coordinator."""
    return pathlib.Path(os.environ["STAFET_PROGRAMS"])


@pytest.fixture
def samples():
    return pathlib.Path(os.environ["STAFET_SAMPLES"])


@pytest.fixture
def stafet(programs):
    """stafet(*arguments, code=0) runs the command line and returns what it printed."""

    def run(*arguments, code=0, stdin=b"", seconds=60):
        command = [str(programs / "stafet"), *map(str, arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=seconds, check=False)
        assert done.returncode == code, (
            f"{' '.join(command)}: exit code {done.returncode}, wanted {code}\n"
            f"{done.stderr.decode(errors='replace')}")
        return done.stdout.decode()

    return run


@pytest.fixture
def region(folder, programs, daemons, stafet):
    """A region whose coordinator runs; nodes are made with region.node(name, role)."""
    made = Region(folder, programs, daemons, stafet).start()
    yield made
    made.close()


@pytest.fixture
def templates(samples):
    return samples / "templates"
