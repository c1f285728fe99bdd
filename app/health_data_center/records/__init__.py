"""What a record is: typed models, one a kind, and what their fields may hold."""
