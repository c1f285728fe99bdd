"""Short-lived counts that every worker of a machine shares: rate limits, and what a probing client tried."""
