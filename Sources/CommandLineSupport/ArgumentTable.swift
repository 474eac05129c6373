// Command-line parsing shared by nnconv and nnrun.
