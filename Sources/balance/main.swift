print("balance")
