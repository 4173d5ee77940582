// Tests of Loading.
