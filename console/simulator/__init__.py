"""Stands in for the AutoStore controller and the MOR server: real sockets, own rules, own clock.

Shares only facts with the clients (names, ranges, codes, texts); reads and writes the wire with
code of its own, so that a mistake on one side shows on the other.
"""
