// BalanceCommands
