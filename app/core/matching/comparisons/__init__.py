"""One comparison a file: how far one element of two people agrees, as a named level with its reason."""
