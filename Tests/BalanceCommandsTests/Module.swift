// Tests of BalanceCommands.
