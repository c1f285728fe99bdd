"""Who is this? Blocking, comparisons, weights, vetoes, grades, outcome."""
