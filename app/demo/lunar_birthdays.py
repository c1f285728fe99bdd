"""Birthdays by both calendars."""

from datetime import date

LUNAR = {
    date(1946, 5, 13): date(1946, 4, 13),
    date(1956, 3, 3): date(1956, 1, 21),
    date(1962, 11, 4): date(1962, 10, 8),
    date(1947, 12, 2): date(1947, 10, 20),
    date(1952, 6, 2): date(1952, 5, 10),
    date(1938, 6, 3): date(1938, 5, 6),
    date(1953, 9, 2): date(1953, 7, 24),
    date(1943, 12, 2): date(1943, 11, 6),
    date(1954, 12, 13): date(1954, 11, 19),
    date(1949, 5, 18): date(1949, 4, 21),
}
"""Birthdays of the sample and what the families say: month and day of the lunar calendar in the same year."""
