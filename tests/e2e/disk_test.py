"""A full disk: a clear error, nothing lost that was accepted, and on it goes when there is room."""

import contextlib
import subprocess

import pytest
from letters import Stay
from local import Declined, Unanswered
from offline_test import arrived, expected, same_heads, wait_all_ok
from region import Region
from wait import until

DISK_FULL = 13


@contextlib.contextmanager
def small_disk(path, size):
    """A file system of its own, so that filling it hurts nobody else."""
    path.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no right to mount a small file system: {done.stderr.strip()}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", path], check=True)


def fill(path):
    """Takes all the room there is; deleting the file gives it back."""
    ballast = path / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        for size in (65536, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)):
                    pass
    return ballast


def each_once(order):
    """What came, whatever its order: a turn that the disk refused is overtaken by the one after."""
    return {transition: sorted(messages) for transition, messages in order.items()}


@pytest.fixture
def pair(region):
    hospital = region.party("Nordby Sygehus", "hospital").sign().approve()
    kommune = region.node("Nordby Kommune", "municipality")
    disk = hospital.folder / "disk"
    with small_disk(disk, "8m"):
        region.configure(hospital, store="disk/node.db")
        hospital.start().wait_connected()
        region.nodes.append(hospital)
        region.wait_directory()
        yield hospital, kommune, disk
        hospital.stop()


def test_full_disk_of_a_node_refuses_clearly_and_goes_on_after(pair, templates):
    hospital, kommune, disk = pair
    stay = Stay(templates, hospital, kommune)
    sent = [hospital.local.send(stay.admit())[1]]
    wait_all_ok(hospital, sent)
    ballast = fill(disk)
    refused, content = None, None
    for _ in range(200):
        content = stay.leave() if content is None else content
        try:
            sent.append(hospital.local.send(content)[1])
            content = Stay(templates, hospital, kommune).admit()
        except Declined as declined:
            refused = declined
            break
    assert refused is not None, "it never said that the disk is full"
    assert refused.error == DISK_FULL
    assert "disk is full" in str(refused) and "nothing was accepted" in str(refused)
    assert hospital.daemon.running()
    ballast.unlink()

    def accepted():
        with contextlib.suppress(Declined, Unanswered):
            return hospital.local.send(content)
        return None

    answer, reply = until(accepted, 20, "it goes on when there is room")
    assert answer == "stored"
    sent.append(reply)
    wait_all_ok(hospital, sent)
    assert arrived(kommune) == expected(sent)


def test_full_disk_of_a_recipient_holds_letters_back_and_loses_none(region, templates):
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.party("Nordby Kommune", "municipality").sign().approve()
    disk = kommune.folder / "disk"
    with small_disk(disk, "8m"):
        region.configure(kommune, store="disk/node.db")
        kommune.start().wait_connected()
        region.nodes.append(kommune)
        region.wait_directory()
        ballast = fill(disk)
        sent = []
        for _ in range(60):
            stay = Stay(templates, hospital, kommune)
            sent += [hospital.local.send(content)[1] for content in (stay.admit(), stay.discharge())]
            if any("disk" in event.get("text", "") for event in kommune.daemon.events("turn-failed")):
                break
        until(lambda: kommune.daemon.events("turn-failed"), 20, "the log says what is wrong")
        assert kommune.daemon.running()
        ballast.unlink()
        wait_all_ok(hospital, sent)
        assert each_once(arrived(kommune)) == each_once(expected(sent))
        kommune.stop()


def test_full_disk_of_the_coordinator_holds_letters_at_the_nodes(
        folder, programs, daemons, stafet, templates):
    region = Region(folder, programs, daemons, stafet)
    coordinator = region.coordinator
    disk = coordinator.folder / "disk"
    coordinator.config.write_text(coordinator.config.read_text().replace(
        '"coordinator.db"', '"disk/coordinator.db"'))
    with small_disk(disk, "8m"):
        region.start()
        hospital = region.node("Nordby Sygehus", "hospital")
        kommune = region.node("Nordby Kommune", "municipality")
        region.wait_directory()
        ballast = fill(disk)
        sent, stays = [], []
        for _ in range(60):
            stays.append(Stay(templates, hospital, kommune))
            sent += [hospital.local.send(content)[1]
                     for content in (stays[-1].admit(), stays[-1].discharge())]
            if coordinator.daemon.events("turn-failed"):
                break
        until(lambda: coordinator.daemon.events("turn-failed"), 20, "the log says what is wrong")
        assert coordinator.daemon.running()
        ballast.unlink()
        wait_all_ok(hospital, sent)
        assert each_once(arrived(kommune)) == each_once(expected(sent))
        same_heads(region, expected(sent), hospital, kommune)
        region.assert_blind(*stays)
        coordinator.stop()
