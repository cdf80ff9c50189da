"""Who may speak through the local socket: root, the daemon's user, and its group by the mode."""

import os
import subprocess
import sys

import pytest

STRANGER = 65534  # nobody

# Becomes a user with one group, then says hello; the folder was entered before.
SPEAK = """
import os, socket, sys
os.setgroups([])
os.setresgid(*[int(sys.argv[1])] * 3)
os.setresuid(*[int(sys.argv[2])] * 3)
with socket.socket(socket.AF_UNIX) as peer:
    try:
        peer.connect(sys.argv[3])
        peer.settimeout(1)
        peer.recv(1)
    except TimeoutError:
        print("listened to")
    except OSError:
        print("kept out")
    else:
        print("cut off")
"""


def spoken_by(party, group, user):
    """What a connection of that user comes to that says nothing for a second."""
    done = subprocess.run(
        [sys.executable, "-c", SPEAK, str(group), str(user), party.socket.name],
        cwd=party.socket.parent, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout.strip()


def with_mode(region, mode):
    party = region.party("Nordby Sygehus", "hospital").sign().approve()
    party.config.write_text(f'socket-mode = "{mode}"\n' + party.config.read_text())
    party.folder.parent.chmod(0o711)
    party.folder.chmod(0o711)
    region.folder.chmod(0o711)
    return party.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")
@pytest.mark.parametrize(("mode", "colleague"), [("0660", "listened to"), ("0600", "kept out")])
def test_group_of_the_daemon_speaks_only_where_the_mode_says_so(region, mode, colleague):
    party = with_mode(region, mode)
    assert spoken_by(party, os.getegid(), STRANGER) == colleague
    assert spoken_by(party, STRANGER, STRANGER) == "kept out"
    assert spoken_by(party, STRANGER, 0) == "listened to"
