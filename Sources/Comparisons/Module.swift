// Comparisons
