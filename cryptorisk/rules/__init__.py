"""Published rules and accounting identities on plain numbers."""
