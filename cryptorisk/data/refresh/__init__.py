"""Refreshing: from the previous vintage and what the live sources answer to a new vintage, or to none at all."""
