#!/usr/bin/env python3
"""What a change does to findings in the world: two builds of ekslint over public repositories at fixed commits.

    scripts/world/compare.py OLD NEW [--details] [--only owner/name]... [--trees FOLDER] [--cache FOLDER]

OLD and NEW are two ekslint programs. The repositories and their commits stand in repositories.txt beside this script.
What is not there is fetched with git into the cache (~/.cache/ekslint-world); --trees takes clones that are there already,
in folders named owner+name. Each repository is linted alone, with notes.

Exit code: 0 if nothing differs, 1 if something does, 2 if a repository could not be had or a program failed.
Needs Python 3.10 and git, and nothing else.
"""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


class Trouble(Exception):
    """What keeps a repository from being compared."""


def repositories():
    for line in (HERE / "repositories.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, commit, why = line.split(maxsplit=2)
            yield name, commit, why


def git(*args, **options):
    done = subprocess.run(["git", *args], capture_output=True, text=True, errors="replace", **options)
    if done.returncode != 0:
        raise Trouble(f"git {' '.join(args)}: {done.stderr.strip()}")
    return done.stdout.strip()


def tree(name, commit, trees, cache):
    """The folder that holds a repository at its commit, fetched if it is not there."""
    folder = name.replace("/", "+")
    for path in [trees / folder] if trees else []:
        if path.is_dir():
            found = git("-C", str(path), "rev-parse", "HEAD")
            if found != commit:
                raise Trouble(f"{path} is at {found}, not at {commit}")
            if git("-C", str(path), "status", "--porcelain"):
                raise Trouble(f"{path} was changed")
            return path
    path = cache / folder
    if not (path / ".git").is_dir():
        path.mkdir(parents=True, exist_ok=True)
        git("init", "-q", str(path))
    try:
        found = git("-C", str(path), "rev-parse", "HEAD")
    except Trouble:
        found = None
    if found != commit:
        print(f"fetching {name} …", file=sys.stderr)
        # Nothing in a repository may run here: no hooks, no filters of its own.
        safe = ["-c", "core.hooksPath=/dev/null", "-c", "protocol.file.allow=never"]
        git(*safe, "-C", str(path), "fetch", "-q", "--depth", "1", f"https://github.com/{name}", commit)
        git(*safe, "-C", str(path), "checkout", "-q", "--force", "--detach", commit)
    return path


def findings(program, folder, isolated):
    """Each finding of a repository as (rule, line for the reader), with how often it is there."""
    args = [program, "check", "--level", "note", "--output-format", "json", *isolated]
    done = subprocess.run(args, cwd=folder, capture_output=True, text=True, errors="replace")
    try:
        report = json.loads(done.stdout)
    except ValueError:
        raise Trouble(f"{program}: exit code {done.returncode}: {done.stderr.strip()[:500]}") from None
    if done.returncode not in (0, 1) and not report.get("problems"):
        raise Trouble(f"{program}: exit code {done.returncode}: {done.stderr.strip()[:500]}")
    return collections.Counter((it["rule"], line(it)) for it in report["findings"])


def line(finding):
    """A finding on one line. Nothing in it moves when another rule changes."""
    start = finding["start"]
    place = f"{finding['path']}:{start['line']}:{start['column']}"
    text = f"{place}: {finding['level']}[{finding['rule']}] {finding['message']}"
    return "".join(it if it.isprintable() else "\N{REPLACEMENT CHARACTER}" for it in text)


def isolated(program):
    """A configuration in a repository must not decide what is compared, where the program knows one."""
    usage = subprocess.run([program, "check", "--help"], capture_output=True, text=True, errors="replace").stdout
    return ["--isolated"] if "--isolated" in usage else []


def table(rows):
    """Rows of cells as a table of Markdown."""
    head = ["repository", "rule", "added", "gone"]
    widths = [max(len(str(row[at])) for row in [head, *rows]) for at in range(4)]
    show = lambda row: "| " + " | ".join(str(it).ljust(widths[at]) for at, it in enumerate(row)) + " |"
    return "\n".join([show(head), "|" + "|".join("-" * (it + 2) for it in widths) + "|", *map(show, rows)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", help="the ekslint before the change")
    parser.add_argument("new", help="the ekslint with it")
    parser.add_argument("--details", action="store_true", help="show each finding that differs")
    parser.add_argument("--only", action="append", metavar="OWNER/NAME", help="this repository; may be repeated")
    parser.add_argument("--trees", type=pathlib.Path, help="a folder with clones named owner+name")
    default = pathlib.Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "ekslint-world"
    parser.add_argument("--cache", type=pathlib.Path, default=default, help=f"where clones are kept [{default}]")
    options = parser.parse_args()
    known = {name for name, _, _ in repositories()}
    for name in options.only or []:
        if name not in known:
            parser.error(f"{name} is not in repositories.txt")
    old, new = (str(pathlib.Path(it).resolve()) for it in (options.old, options.new))
    flags = [isolated(old), isolated(new)]

    rows, details, troubles, total = [], [], [], [0, 0]
    for name, commit, _ in repositories():
        if options.only and name not in options.only:
            continue
        try:
            folder = tree(name, commit, options.trees, options.cache)
            before, after = findings(old, folder, flags[0]), findings(new, folder, flags[1])
        except (Trouble, OSError) as trouble:
            troubles.append(f"{name}: {trouble}")
            continue
        total = [total[0] + before.total(), total[1] + after.total()]
        added, gone = after - before, before - after
        for rule in sorted({rule for rule, _ in [*added, *gone]}):
            count = lambda all: sum(times for (it, _), times in all.items() if it == rule)
            rows.append((name, rule, count(added) or "", count(gone) or ""))
        for sign, all in (("-", gone), ("+", added)):
            details += [f"{sign} {name}/{text}" for _, text in sorted(all.elements())]

    if rows:
        print(table(rows) + "\n")
    if options.details and details:
        print("\n".join(details) + "\n")
    print(f"{total[0]} findings before, {total[1]} after" + ("" if rows else ": no difference"))
    for trouble in troubles:
        print(f"not compared: {trouble}", file=sys.stderr)
    return 2 if troubles else 1 if rows else 0


if __name__ == "__main__":
    sys.exit(main())
