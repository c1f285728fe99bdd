"""Sign-in at an outside identity provider (OpenID Connect Core 1.0)."""
