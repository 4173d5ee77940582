import BalanceCommands

BalanceProgram.main()
