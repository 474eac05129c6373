print("nnrun")
