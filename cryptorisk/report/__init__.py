"""From parameters to a published page: run, read back, render, check, record."""
