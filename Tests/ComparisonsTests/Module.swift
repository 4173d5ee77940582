// Tests of Comparisons.
