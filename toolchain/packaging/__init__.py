"""Packages: from a function's folder, lib/ and its hash-pinned requirements to dist/<name>.zip.

    sources ─┐
    lock ────┤                                        ┌─ dist/<name>.zip
    wheelhouse ── wheel ── segment ─┬─ archive ── build ┤
    bytecode ───────────────────────┘                 └─ dist/functions.json

A wheel is read, checked and compiled once; what comes out is kept as a segment: a run of finished
zip entries. A package is segments in a fixed order and a central directory, so making one is copying.
"""
