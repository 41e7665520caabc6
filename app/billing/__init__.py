"""Money between the clinic and families. So far: what each family owed when the clinic left its old system."""
