"""Recomputes what the nodes claim: chains, receipts, letters, documents and files, from step 1, over HTTP.

It shares no code with the nodes: Python's standard library and `cryptography`, and docs/protocol.md.
"""
