"""Builds the tests of a tree, and runs some of them."""

import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

# They need other tools, start Byline as a program, or build with cargo, and take long.
LEFT_OUT = re.compile(r"it (outside|template|api_description|guides|lambda|walk|generated|words|floors|durability|start)::")


class Suite:
    """The test binaries of a tree. A test is `<binary> <name>`."""

    def __init__(self, tree, target):
        self.tree = tree
        self.environment = {
            **os.environ,
            "CARGO_TARGET_DIR": str(target),
            "BYLINE_TESTS": "quick",
            # As cargo sets it for tests (.cargo/config.toml).
            "AWS_LC_SYS_NO_JITTER_ENTROPY": "1",
            # An expression with all its variants takes more of the stack.
            "RUST_MIN_STACK": str(32 << 20),
            # A test that fails is expected.
            "RUST_BACKTRACE": "0",
        }
        self.environment.pop("CI", None)
        self.binaries = {}

    def build(self):
        """The errors, each as its (file, byte); none if the tests are built."""
        command = ["cargo", "test", "--workspace", "--lib", "--test", "it", "--no-run", "--message-format=json"]
        done = subprocess.run(command, cwd=self.tree, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        errors, rendered = [], []
        for line in done.stdout.splitlines():
            message = json.loads(line)
            if message.get("executable") and message["profile"]["test"]:
                self.binaries[message["target"]["name"]] = (message["executable"], Path(message["manifest_path"]).parent)
            if message["reason"] == "compiler-message" and message["message"]["level"] == "error":
                rendered.append(message["message"]["rendered"])
                spans = message["message"]["spans"]
                errors += [(span["file_name"], span["byte_start"]) for span in spans if span["is_primary"]]
        if done.returncode != 0 and not errors:
            raise SystemExit("".join(rendered) + done.stderr.decode())
        return errors

    def tests(self):
        """All names, without those that are left out."""
        names = []
        for binary, (path, folder) in self.binaries.items():
            shown = subprocess.run([path, "--list", "--format=terse"], cwd=folder, env=self.environment, capture_output=True, check=True)
            listed = re.findall(r"^(.*): test$", shown.stdout.decode(), re.MULTILINE)
            names += [name for name in (f"{binary} {test}" for test in listed) if not LEFT_OUT.match(name)]
        return names

    def run(self, tests, limit, on=None, notes=None):
        """Runs tests of one binary side by side, with change `on`. Gives (the tests that failed,
        seconds); `None` instead of the tests if they did not end in `limit` seconds. A process that
        dies fails all its tests."""
        binary, folder = self.binaries[tests[0].split()[0]]
        environment = dict(self.environment)
        if on is not None:
            environment["SWITCHED_ON"] = str(on)
        if notes:
            environment["SWITCHES_REACHED"] = str(notes)
        command = [binary, "--exact", "--test-threads=2", *(test.split()[1] for test in tests)]
        start = time.monotonic()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                status = process.wait(limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
                return None, time.monotonic() - start
            output.seek(0)
            failed = re.findall(r"^test (\S+)(?: - should panic)? \.\.\. FAILED$", output.read().decode(errors="replace"), re.MULTILINE)
        known = [test for test in tests if test.split()[1] in failed]
        return (known or (list(tests) if status else [])), time.monotonic() - start
