"""What a clinic is and does: records, rules, commands and queries. Never imports Qt or a network library."""
