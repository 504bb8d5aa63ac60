#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks a document on stdin against the published form, and prints one value.

    check-json.py KIND [EXPRESSION]

KIND is the verb, or null if there was none.

EXPRESSION is Python with the document as d, such as d["result"].
"""
import json
import re
import sys

TEXT = (str, type(None))
VERSION = re.compile(r"(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})")
SERIES = re.compile(r"(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})")


def no_repeats(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a member twice: {names}"
    return dict(pairs)


def members(what, **types):
    for name, kind in types.items():
        assert name in what, f"{name} is missing"
        assert isinstance(what[name], kind), f"{name}: {what[name]!r}"


def texts(values):
    assert isinstance(values, list), values
    assert all(isinstance(value, str) for value in values), values


def fields(what):
    assert isinstance(what, dict), what
    for values in what.values():
        texts(values)
        assert values


def check_profile(p, known):
    members(p, device_api=TEXT, type=TEXT, software_version=TEXT, accepts=dict,
            emitted=list, requires=dict, dynamic_resources=list)
    members(p["accepts"], software_version=list, type=list, fields=dict)
    for series in p["accepts"]["software_version"] + p["emitted"]:
        assert SERIES.fullmatch(series), series
    texts(p["accepts"]["type"])
    fields(p["accepts"]["fields"])
    fields(p["requires"])
    for resource in p["dynamic_resources"]:
        members(resource, name=str, value=TEXT)
    if known:
        assert VERSION.fullmatch(p["software_version"])


def check_object(o):
    members(o, object=str, node=str, parent=TEXT, uuid=TEXT, evidence=str,
            available_instances=(int, type(None)), profile=dict, line=TEXT)
    assert o["node"] in ("type", "mdev", "pci", "line"), o["node"]
    assert o["evidence"] in ("kernel", "none"), o["evidence"]
    assert (o["uuid"] is not None) == (o["node"] == "mdev")
    assert o["evidence"] == "kernel" or o["line"] is None
    if o["line"] is not None:
        assert o["line"].endswith(";end")
    check_profile(o["profile"], o["line"] is not None)


def check_reason(r):
    members(r, rule=str, field=TEXT, result=str, source=list, destination=list,
            missing=list, message=str)
    assert r["result"] in ("pass", "fail", "unknown", "ignored")
    assert r["rule"] in ("device_api", "type", "software_version", "field",
                         "dynamic_resources", "vendor")
    for side in ("source", "destination", "missing"):
        texts(r[side])
    assert set(r["missing"]) <= set(r["source"])
    assert r["result"] == "fail" or not r["missing"]
    assert r["message"]


def check_compare(d):
    flag = (bool, type(None))
    members(d, result=TEXT, cross_type=flag, permitted=bool, can_return=flag,
            probed=bool, pin=TEXT, reasons=list, source=(dict, type(None)),
            destination=(dict, type(None)))
    assert d["result"] in ("compatible", "incompatible", "unknown", None)
    for side in ("source", "destination"):
        if d[side]:
            check_object(d[side])
    for reason in d["reasons"]:
        check_reason(reason)
    assert not d["permitted"] or d["result"] == "compatible"
    if d["result"] == "incompatible":
        assert any(r["result"] == "fail" for r in d["reasons"])
    if d["result"] == "compatible":
        assert all(r["result"] in ("pass", "ignored") for r in d["reasons"])


def check_match(d):
    number = (int, type(None))
    members(d, source=(dict, type(None)), hosts=int, considered=int,
            matching=int, matches=list, rejected=list)
    for m in d["matches"]:
        members(m, host=str, object=str, type=str, software_version=str,
                available_instances=number, cross_type=bool, can_return=bool,
                same_series=bool, surplus=int)
    for g in d["rejected"]:
        members(g, rule=TEXT, field=TEXT, result=str, count=int, pin=TEXT,
                examples=list, message=str)
        texts(g["examples"])
    assert len(d["matches"]) <= d["matching"] <= d["considered"]


def check_baseline(d):
    members(d, hosts=int, silent=int, pools=list)
    for p in d["pools"]:
        members(p, type=str, device_api=str, members=int, accepts=dict,
                emitted=list, profiles=list, pins=list, groups=list,
                one_way=list)
        for s in p["profiles"]:
            members(s, software_version=str, members=list)
        for s in p["pins"]:
            members(s, pin=str, as_is=bool, count=int, without=list)
            assert s["count"] + len(s["without"]) == p["members"]
        every = sorted(n for g in p["groups"] for n in g)
        assert every == list(range(len(p["profiles"]))), every
        for s in p["one_way"]:
            members(s, **{"from": int, "to": int})


def check_claim(d):
    members(d, uuid=TEXT)
    if "source" not in d:
        return
    members(d, dry_run=bool, pin=TEXT, warnings=list, reasons=list,
            source=(dict, type(None)), destination=(dict, type(None)))
    texts(d["warnings"])
    for reason in d["reasons"]:
        check_reason(reason)


def main():
    d = json.loads(sys.stdin.buffer.read().decode("utf-8"),
                   object_pairs_hook=no_repeats)
    assert d["schema"] == "vfio-compat/1"
    assert d["kind"] == (sys.argv[1] if sys.argv[1] != "null" else None), d
    assert isinstance(d["errors"], list)
    for error in d["errors"]:
        members(error, code=int, object=TEXT, path=TEXT, errno=TEXT,
                message=str)
    if d["kind"] == "compare":
        check_compare(d)
    elif d["kind"] == "match":
        check_match(d)
    elif d["kind"] == "baseline":
        check_baseline(d)
    elif d["kind"] == "claim":
        check_claim(d)
    elif d["kind"] == "release":
        texts(d["released"])
    elif d["kind"]:
        if d["kind"] == "inventory":
            members(d, host=TEXT, boot_id=TEXT, kernel=TEXT, time=TEXT)
        for o in d["objects"]:
            check_object(o)
    if len(sys.argv) > 2:
        value = eval(sys.argv[2], {"d": d})  # the test's own expression
        print(value if isinstance(value, str) else json.dumps(value))


main()
