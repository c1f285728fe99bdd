"""The five identity elements: parsing, normal forms, redaction."""
