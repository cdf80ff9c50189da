"""A folder that disappears, daemons that are stopped and checked, proxies that are closed."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from daemon import Daemon
from proxy import Proxy
from region import Region


@contextlib.contextmanager
def temporary_folder():
    """Short, since the name of an AF_UNIX socket has 107 bytes; kept when STAFET_KEEP is set."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="stafet-"))
    try:
        yield path
    finally:
        if os.environ.get("STAFET_KEEP"):
            print(f"kept: {path}")
        else:
            shutil.rmtree(path)


@pytest.fixture
def folder():
    with temporary_folder() as path:
        yield path


@contextlib.contextmanager
def started_daemons(folder):
    """daemons(name, command, ready) starts one; all are stopped at the end, the last one first."""
    started = []

    def start(name, command, ready, environment=None):
        daemon = Daemon(name, command, folder / f"{name}.log", ready, environment)
        started.append(daemon)
        return daemon.start()

    failures = []
    try:
        yield start
    finally:
        for daemon in reversed(started):
            try:
                daemon.stop()
            except AssertionError as failure:
                failures.append(str(failure))
                if daemon.running():
                    daemon.kill()
    assert not failures, "\n".join(failures)


@pytest.fixture
def daemons(folder):
    with started_daemons(folder) as start:
        yield start


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


@pytest.fixture(scope="session")
def programs():
    """The folder of stafet, stafet-node and stafet-coordinator."""
    return pathlib.Path(os.environ["STAFET_PROGRAMS"])


@pytest.fixture(scope="session")
def samples():
    return pathlib.Path(os.environ["STAFET_SAMPLES"])


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="module")
def lasting_region(programs, stafet):
    """The same for all tests of a file."""
    with temporary_folder() as folder, started_daemons(folder) as daemons:
        made = Region(folder, programs, daemons, stafet).start()
        try:
            yield made
        finally:
            made.close()


@pytest.fixture(scope="session")
def templates(samples):
    return samples / "templates"
