"""Whole files linked, and models trained, by Splink: an optional extra the service itself never needs."""
