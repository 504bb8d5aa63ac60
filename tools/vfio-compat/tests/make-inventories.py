#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes inventories of many hosts, one document each, to standard output.

    make-inventories.py HOSTS TYPES [KINDS [BEHIND]]

Each host has TYPES types, of KINDS different ones (default TYPES). The last
BEHIND hosts are of an older version, 2.0; the others are of 2.1 and can be
pinned to 2.0. Host N is hN; its free capacity and parent differ from the next.
"""
import json
import sys


def profile(kind, minor):
    series = [f"2.{m}" for m in range(minor + 1)]
    fields = {"pci_ids": ["8086:591b", "8086:591d"][:1 + kind % 2],
              "encryption": ["aes", "none"]}
    resources = ["aggregator", "fps"][:kind % 3]
    line = f"i915-v1;api=vfio-pci;type=gpu-{kind};sw=2.{minor}.0"
    for name in sorted(fields):
        line += f";f.{name}={','.join(fields[name])}"
    for name in resources:
        line += f";r.{name}"
    return {
        "device_api": "vfio-pci", "type": f"gpu-{kind}",
        "software_version": f"2.{minor}.0",
        "accepts": {"software_version": series, "type": [f"gpu-{kind}"],
                    "fields": fields},
        "emitted": series, "requires": fields,
        "dynamic_resources": [{"name": n, "value": None} for n in resources],
    }, line + ";end"


def inventory(host, types, kinds, minor):
    objects = []
    for i in range(types):
        said, line = profile(i % kinds, minor)
        parent = f"0000:{i // kinds % 256:02x}:02.{i // kinds // 256}"
        objects.append({
            "object": f"{parent}/{said['type']}", "node": "type",
            "parent": parent, "uuid": None,
            "available_instances": (host * 7 + i) % 5, "evidence": "kernel",
            "profile": said, "line": line})
    return {"schema": "vfio-compat/1", "kind": "inventory", "host": f"h{host}",
            "boot_id": None, "kernel": "6.12", "time": "2026-01-01T00:00:00Z",
            "objects": objects, "errors": []}


hosts, types = int(sys.argv[1]), int(sys.argv[2])
kinds = int(sys.argv[3]) if len(sys.argv) > 3 else types
behind = int(sys.argv[4]) if len(sys.argv) > 4 else 0
for number in range(1, hosts + 1):
    json.dump(inventory(number, types, kinds, int(number <= hosts - behind)),
              sys.stdout, indent=2)
    print()
