"""Customer Data Center: one identity for each customer, and who may see their records."""
