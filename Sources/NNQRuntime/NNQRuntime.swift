// NNQRuntime
