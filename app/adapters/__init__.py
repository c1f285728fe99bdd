"""What the services' ports look like in the real world."""
