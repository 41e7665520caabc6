"""Deterministic simulation of several workstations and a server: the real engine, store, journal and merge, over
databases in memory, a clock and a network that only a seed moves. It proves the protocol, and mutants prove it.
"""
