"""Who may see what: scopes, purposes, policy, token claims."""
