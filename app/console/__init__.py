"""The pages of administrators, stewards and security officers."""
