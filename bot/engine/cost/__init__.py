"""What resources cost for a month, by list prices: see `estimate` for one of them and `difference` for a change."""
