"""The bank's own series: figures typed into the parameter file, files named there, files in ``data/overrides/``."""

BANK = "bank"
"""Source id of every figure of the bank's own."""

FORMATS = (".csv", ".xlsx", ".parquet")
"""Endings of the files that are read."""

FOREIGN = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".tsv", ".feather", ".dta", ".sav")
"""Formats of tables that the kit does not read, so that they are refused and not taken for CSV or passed over."""
