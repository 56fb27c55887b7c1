"""The chapters: each an `analyse(inputs, params) -> Result`, pure."""
