"""`make run`: sample data and the tour, over HTTP alone."""
