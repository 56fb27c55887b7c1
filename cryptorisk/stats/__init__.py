"""Estimators on plain arrays and frames; they know no country, file or crypto-asset."""
