"""Macro-financial risk of crypto-assets for a country."""
