// Tests of Objectives.
