"""Breaks rules of Byline, chosen at random, and runs the tests that come by each: a change that no test
notices is printed. It works on a copy of the tree below target/mutants, where one build holds all
changes. Begun again with the same seed, it goes on where it ended."""

import argparse
import fnmatch
import json
import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import switches
from suite import Suite

GLOBS = ["shared/src/auth/**", "shared/src/oauth/**", "shared/src/publishing/**", "shared/src/store/**"]
# Seconds for the tests of one change. One that is not noticed then counts as not noticed.
PATIENCE = 300
ALLOWED = 3
OVER = "The minutes are over: begin again with the same seed to go on."
LIBRARY = "shared/src/lib.rs"


def main():
    options = read_options()
    deadline = time.monotonic() + options.minutes * 60
    out = Path(os.environ.get("CARGO_TARGET_DIR", "target")).absolute() / "mutants"
    sample = Sample(out, options.seed)
    if not sample.changes:
        sample.choose(options)
    suite = Suite(out / "tree", out / "build")
    sample.build(suite, options.count)
    if options.until == "build":
        return
    reached = reach(suite, out / f"{options.seed}-reached", sample, deadline)
    sample.measure(suite, reached, deadline)
    sys.exit(0 if sample.report() <= ALLOWED else 1)


def read_options():
    parser = argparse.ArgumentParser(prog="tests/outside/mutants/sample", description=__doc__)
    parser.add_argument("--count", type=int, default=60, help="how many changes that compile (default: 60)")
    parser.add_argument("--minutes", type=float, default=600, help="end after so long")
    parser.add_argument("--seed", type=int, default=random.randrange(1, 100000), help="the sample to repeat or continue; it is printed")
    parser.add_argument("--without", type=int, nargs="*", default=[], metavar="SEED", help="leave out the changes of these samples")
    parser.add_argument("--until", choices=["build", "measured"], default="measured", help="how far to go")
    parser.add_argument("globs", nargs="*", default=GLOBS, metavar="file glob", help="default: " + " ".join(GLOBS))
    return parser.parse_args()


class Sample:
    """The changes, each as cargo-mutants lists it, with what became of it:

    - `state`: `chosen`, `no switch`, `does not compile`, `spare`, `noticed`, `endless` or `NOT NOTICED`
    - `why`: of one without a switch; `by`: the test that noticed it
    - `passed`: the tests that did not notice it; `of`: how many tests come by it
    """

    def __init__(self, out, seed):
        out.mkdir(parents=True, exist_ok=True)
        self.out, self.seed, self.lock = out, seed, Lock()
        self.file = out / f"{seed}.json"
        self.changes = json.loads(self.file.read_text()) if self.file.exists() else []

    def save(self):
        with self.lock:
            self.file.write_text(json.dumps(self.changes))

    def choose(self, options):
        # What only a debugger shows is no rule.
        command = ["cargo", "mutants", "--list", "--json", "--exclude-re", "impl (fmt::)?Debug"]
        listed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        every = [m for m in listed if any(fnmatch.fnmatch(m["file"], glob) for glob in options.globs)]
        known = {kind(m) for seed in options.without for m in Sample(self.out, seed).changes}
        left = [m for m in every if kind(m) not in known]
        # About a fifth does not compile.
        chosen = random.Random(self.seed).sample(left, min(len(left), options.count * 3 // 2))
        self.changes = [{**m, "state": "chosen"} for m in chosen]
        self.save()
        print(f"--seed {self.seed}: {options.count} of {len(every)}")

    def build(self, suite, count):
        """Builds the tests with all changes; those that the compiler refuses are left out."""
        copy_tree(suite.tree, {LIBRARY, *(change["file"] for change in self.changes)})
        for change in self.changes:
            if change["state"] == "chosen":
                try:
                    switches.check_place(Path(change["file"]).read_bytes(), change)
                except switches.NoSwitch as why:
                    change.update(state="no switch", why=str(why))
                except switches.DoesNotCompile:
                    change["state"] = "does not compile"
        while True:
            self.write(suite.tree)
            errors = suite.build()
            if not errors:
                break
            refused = set()
            for file, position in errors:
                refused.update(switches.changes_at((suite.tree / file).read_bytes(), position))
            print(f"{len(errors)} errors, {len(refused)} changes do not compile", flush=True)
            if not refused:
                raise SystemExit(f"no change explains these errors: {errors[:5]}")
            for number in refused:
                self.changes[number]["state"] = "does not compile"
            self.save()
        # In the order of chance, also those that have to be looked at by hand.
        compiled = [change for change in self.changes if change["state"] != "does not compile"]
        for change in compiled[count:]:
            change["state"] = "spare"
        self.save()

    def write(self, tree):
        by_file = {}
        for number, change in enumerate(self.changes):
            if change["state"] != "does not compile" and "why" not in change:
                by_file.setdefault(change["file"], []).append((number, change))
        for file in {change["file"] for change in self.changes}:
            source = Path(file).read_bytes()
            write_if_new(tree / file, switches.write_switches(source, by_file[file]) if file in by_file else source)
        library = "#![allow(warnings)]\n" + Path(LIBRARY).read_text() + switches.SWITCH
        write_if_new(tree / LIBRARY, library.encode())

    def measure(self, suite, reached, deadline):
        """Runs each change with the tests that come by it, two changes at a time."""

        def one(number):
            if self.changes[number]["state"] == "chosen":
                self.measure_one(suite, number, reached, deadline)
                self.save()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, range(len(self.changes))))
        if any(change["state"] == "chosen" for change in self.changes):
            raise SystemExit(OVER)

    def measure_one(self, suite, number, reached, deadline):
        """The quick and specific tests come first, until one fails twice."""
        change = self.changes[number]
        tests = [test for test, found in reached.items() if number in found["changes"]]
        tests.sort(key=lambda test: reached[test]["seconds"] * len(reached[test]["changes"]))
        change["of"] = len(tests)
        passed = change.setdefault("passed", [])
        change.setdefault("seconds", 0)
        while change["state"] == "chosen":
            if time.monotonic() > deadline:
                return
            left = [test for test in tests if test not in passed]
            if not left or change["seconds"] > PATIENCE:
                change["state"] = "NOT NOTICED"
                break
            # One binary at a time, and more tests at once the longer it takes.
            binary = left[0].split()[0]
            batch = [test for test in left if test.split()[0] == binary][: max(3, len(passed))][:40]
            self.try_tests(suite, number, batch, reached)
        by = change.get("by", "no test")
        print(f"{number:4} {change['state']}: {change['name']} ({by}; {len(passed)} of {len(tests)})", flush=True)

    def try_tests(self, suite, number, batch, reached):
        change = self.changes[number]
        limit = 30 + 5 * sum(reached[test]["seconds"] for test in batch)
        failed, seconds = suite.run(batch, limit, on=number)
        change["seconds"] += seconds
        if failed is None:
            change.update(state="endless", by=" | ".join(batch))
            return
        for test in failed:
            again, seconds = suite.run([test], limit, on=number)
            change["seconds"] += seconds
            if again is None or again:
                change.update(state="noticed", by=test)
                return
        change["passed"] += batch

    def report(self):
        states = [change["state"] for change in self.changes]
        counts = ", ".join(f"{state} {states.count(state)}" for state in ("noticed", "endless", "NOT NOTICED", "does not compile", "no switch"))
        print(f"--seed {self.seed}: {counts}")
        for change in self.changes:
            if change["state"] == "NOT NOTICED":
                print(f"NOT NOTICED: {change['name']} ({len(change['passed'])} of its {change['of']} tests)")
            if change["state"] == "no switch":
                print(f"no switch, {change['why']}: {change['name']}")
        return states.count("NOT NOTICED")


def kind(mutant):
    """What a change does, wherever its line is by now."""
    return (mutant["file"], mutant["name"].split(": ", 1)[1])


def copy_tree(tree, switched):
    """All files of the working tree, without those that git ignores, and those that get switches. What
    did not change keeps its time, so that cargo does not build it again."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=True)
    names = [name for name in listed.stdout.decode().split("\0") if name and os.path.isfile(name)]
    for name in names:
        if name not in switched:
            write_if_new(tree / name, Path(name).read_bytes(), os.stat(name).st_mode)
    for old in tree.rglob("*"):
        if old.is_file() and str(old.relative_to(tree)) not in names:
            old.unlink()


def write_if_new(path, content, mode=None):
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if mode:
        os.chmod(path, mode)


def reach(suite, folder, sample, deadline):
    """Runs each test in a process of its own without a change: {test: its seconds, and the changes
    that it comes by}. A test that fails without a change is left out."""
    folder.mkdir(exist_ok=True)
    file = folder / "reached.json"
    reached = json.loads(file.read_text()) if file.exists() else {}

    def run(test):
        if time.monotonic() > deadline:
            return
        notes = folder / test.replace("::", ".").replace(" ", ".")
        notes.unlink(missing_ok=True)
        failed, seconds = suite.run([test], 300, notes=notes)
        if failed != []:
            print(f"fails without a change, and is left out: {test}", flush=True)
            reached[test] = {"seconds": seconds, "changes": []}
            return
        changes = sorted({int(n) for n in notes.read_text().split()}) if notes.exists() else []
        reached[test] = {"seconds": seconds, "changes": changes}

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [test for test in suite.tests() if test not in reached]))
    file.write_text(json.dumps(reached))
    if time.monotonic() > deadline:
        raise SystemExit(OVER)
    return reached


if __name__ == "__main__":
    main()
