"""Searches files for what must not be in them: a person's number or name, in any likely writing."""

import base64
import os


def writings(word):
    """The byte strings under which word could stand in a file."""
    texts = {word, word.lower(), word.upper()}
    if word.isdigit() and len(word) == 10:
        texts.add(word[:6] + "-" + word[6:])
    found = set()
    for text in texts:
        for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
            try:
                found.add(text.encode(encoding))
            except UnicodeEncodeError:
                continue
        plain = text.encode("utf-8")
        found.add(plain.hex().encode())
        found.add(plain.hex().upper().encode())
        found.update(_base64_cores(plain))
    return found


def _base64_cores(plain):
    """The middle of word in base64, for each of the three places it can start at."""
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        start = -(-shift * 8 // 6)
        end = (shift + len(plain)) * 8 // 6
        core = coded[start:end]
        if len(core) >= 6:
            yield core


def search(folder, words):
    """(file, word) for every file under folder in which a word stands; follows no links."""
    wanted = [(word, writing) for word in words for writing in writings(word)]
    found = set()
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            if not os.path.isfile(path) or os.path.islink(path):
                continue
            with open(path, "rb") as file:
                content = file.read()
            found.update((path, word) for word, writing in wanted if writing in content)
    return sorted(found)


def assert_absent(folder, words):
    """First proves on a planted file that it can find each word there, then that it finds none."""
    control = os.path.join(folder, "planted-control")
    with open(control, "wb") as file:
        for word in words:
            file.write(b"\x00before" + word.encode() + b"after\xff")
    try:
        found = search(folder, words)
    finally:
        os.unlink(control)
    planted = {word for path, word in found if path == control}
    assert planted == set(words), "the search cannot find what is planted"
    found = [(path, word) for path, word in found if path != control]
    assert not found, f"{len(found)} places name a person: {sorted({path for path, _ in found})}"
