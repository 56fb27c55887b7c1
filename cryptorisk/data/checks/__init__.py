"""Judging figures before they enter a vintage: form, plausibility, known faults, corrections, quarantine.

Pure functions on frames: nothing here reads a clock or the network, and only the corrections file is read.
"""
