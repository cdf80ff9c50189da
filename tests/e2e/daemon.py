"""One program of ours as a child process: started, watched, killed, started again."""

import json
import os
import signal
import subprocess

from wait import until

# Of a sanitizer's report; a daemon that printed one has failed however it ended.
REPORTS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:",
           "WARNING: ThreadSanitizer", "assertion failed:")


class Daemon:
    """ready(daemon) says when a start is complete; its output is kept over restarts in log_path."""

    def __init__(self, name, command, log_path, ready, environment=None):
        self.name = name
        self.command = [str(part) for part in command]
        self.log_path = log_path
        self.ready = ready
        self.environment = dict(os.environ, **(environment or {}))
        self.process = None
        self.killed = False

    def start(self, seconds=20):
        assert not self.running(), f"{self.name} runs already"
        self.killed = False
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment, start_new_session=True)
        until(lambda: self._ready_or_dead(), seconds, f"{self.name} is ready")
        return self

    def _ready_or_dead(self):
        code = self.process.poll()
        assert code is None, f"{self.name} ended with {code} at start:\n{self.tail()}"
        return self.ready(self)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds=20):
        """Asks it to end, and wants exit code 0 and no sanitizer's report."""
        if self.process is None:
            return
        if self.running():
            self.process.send_signal(signal.SIGTERM)
            until(lambda: not self.running(), seconds, f"{self.name} has ended")
        code = self.process.returncode
        self.process = None
        assert self.killed or code == 0, f"{self.name} ended with {code}:\n{self.tail()}"
        self.check_reports()

    def kill(self):
        """kill -9: no last words."""
        self.killed = True
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def output(self):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as log:
                return log.read()
        except FileNotFoundError:
            return ""

    def tail(self):
        return "\n".join(self.output().splitlines()[-30:])

    def events(self, name=None):
        """The JSON lines of its log, those of one event when named."""
        found = []
        for line in self.output().splitlines():
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and (name is None or event.get("event") == name):
                found.append(event)
        return found

    def check_reports(self):
        output = self.output()
        for report in REPORTS:
            assert report not in output, f"{self.name}:\n{output[output.index(report):][:4000]}"
