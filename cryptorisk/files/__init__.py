"""Files as every room handles them: one writer at a time, private folders, whole files under their final names."""
