// NNQInput
