"""Vintages of data: their catalogue, making, reading, and the immutable inputs of a report."""
