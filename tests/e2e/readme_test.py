"""README's lines for two shells and for clinical systems, typed as they stand there."""

import os
import pathlib
import re
import subprocess

from ports import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE_PORT = "7400"
# Ports that README itself names; another program of this machine may have them.
TYPED_PORTS = ("8080", "8082", "8090", "2575")


def blocks(heading):
    """The shells' lines of a section."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```sh\n(.*?)```", section, re.S)


def by_hand():
    first, second = blocks("By hand")
    # Only folder, programs and ports differ from what a person types; the end is said below it.
    start = "# Start the coordinator,"
    assert first.count(start) == 1
    first = first.replace(start, f"sed -i s/{EXAMPLE_PORT}/{free_port()}/ */*.conf\n{start}")
    # The second shell stands in the folder of the sources again.
    second = second.replace("export STAFET_SOCKET=", 'cd "$SOURCES"; export STAFET_SOCKET=')
    return first, second


def typed(folder, *lines):
    """What the lines print, in one shell that ends at the first command that fails."""
    script = "trap 'kill $(jobs -p)' EXIT\nset -euo pipefail\n" + "\n".join(lines)
    script = script.replace("/tmp/region", str(folder / "r"))
    script = script.replace("$PWD/build/release/src/cmd", os.environ["STAFET_PROGRAMS"])
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_lines_by_hand_do_what_they_say(folder):
    printed = typed(folder, *by_hand())
    assert printed.count("stored") >= 2, printed
    picture = ROOT / "deploy" / "screenshots" / "table-da-1440.jpg"
    assert (folder / "r" / "table.jpg").read_bytes() == picture.read_bytes()
    # After the acceptance all three tell the same holder of care.
    assert len(re.findall(r"care\s+Herlev Kommune", printed)) >= 3, printed


def test_lines_for_clinical_systems_do_what_they_say(folder):
    first, _ = by_hand()
    systems = blocks("Connect a clinical system in an afternoon")
    assert len(systems) == 3
    unused = {port: str(free_port()) for port in TYPED_PORTS}
    for port in TYPED_PORTS:
        assert any(re.search(rf"\b{port}\b", lines) for lines in systems), port
    systems = [re.sub(rf"\b({'|'.join(unused)})\b", lambda found: unused[found[1]], lines)
               for lines in systems]
    printed = typed(folder, first, "echo SYSTEMS", *systems).split("SYSTEMS\n", 1)[1]
    assert re.search(r"^20[02]$", printed, re.M), printed
    assert printed.count("MSA|AA|") == 2, printed
    assert '"activity":"discharge-home"' in printed and '"messages":[' in printed, printed
    assert '"answer":"duplicate"' in printed, printed
    assert '"6109450018"' in printed, printed
    assert '"domains":["care","medication"]}' in printed, printed
    assert re.search(r"handed-out +drop-out", printed), printed
    assert re.search(r"^hook-1 +open ", printed, re.M), printed
    assert "forged" not in printed, printed
