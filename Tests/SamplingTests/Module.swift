// Tests of Sampling.
