// NNQConvert
