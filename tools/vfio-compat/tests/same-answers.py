#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares every pair of objects, read from a tree and from its document.

    same-answers.py COMMAND TREE DOCUMENT

The answers must be the same, and yes must mean the same as every rule passing.
"""
import json
import subprocess
import sys


def ask(source, destination):
    run = subprocess.run(
        [command, "-J", "--sysfs-root", tree, "compare", source, destination],
        capture_output=True, check=False, timeout=60)
    assert run.returncode in (0, 1, 3, 8), (source, destination, run)
    d = json.loads(run.stdout)
    rules = [(r["rule"], r["field"], r["result"], r["source"], r["missing"])
             for r in d["reasons"]]
    results = [r["result"] for r in d["reasons"]]
    assert (run.returncode == 1) == ("fail" in results), (source, destination)
    return (run.returncode, d["result"], d["cross_type"], d["can_return"],
            d["pin"], rules)


command, tree, document = sys.argv[1:]
with open(document, encoding="utf-8") as f:
    names = [o["object"] for o in json.load(f)["objects"]]
codes = {}
bad = 0
for a in names:
    for b in names:
        live = ask(a, b)
        recorded = ask(f"@{document}#{a}", f"@{document}#{b}")
        codes[live[0]] = codes.get(live[0], 0) + 1
        if live != recorded:
            print(f"{a} to {b}:\n  {live}\n  {recorded}")
            bad += 1
print(f"{len(names) ** 2} pairs, {bad} differ; exit codes {codes}")
sys.exit(bad != 0)
