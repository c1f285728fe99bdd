"""Access tokens, checked by the center itself: form, signature, claims, and whether they still live."""
