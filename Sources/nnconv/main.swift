print("nnconv")
