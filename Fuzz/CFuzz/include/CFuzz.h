// What libFuzzer gives a program that has a main function of its own.
#ifndef CFUZZ_H
#define CFUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
    int (*_Nonnull test_one_input)(const uint8_t *_Nullable data, size_t size));

// Changes data in place; returns the new size, max_size at most.
size_t LLVMFuzzerMutate(uint8_t *_Nonnull data, size_t size, size_t max_size);

#endif
