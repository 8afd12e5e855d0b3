"""What resources mean: located facts in the field's terms, one concept a module."""
