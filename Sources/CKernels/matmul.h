// Products of two activations, operators.md 3.17. Internal to CKernels.
#ifndef NN_MATMUL_H
#define NN_MATMUL_H

#include "views.h"

// Products of an s16 operand that are added before their sum is shifted by NN_BLOCK_SHIFT.
enum { NN_BLOCK_DEPTH = 256, NN_BLOCK_SHIFT = 8 };

// The matrices of a and b, numbered through the batch, that make matrix number `matrix` of the output.
typedef struct nn_factors {
  size_t a, b;
} nn_factors;

static inline nn_factors nn_factors_of(const nn_matmul *matmul, int32_t matrix) {
  nn_factors factors = {0, 0};
  for (int32_t axis = NN_MATMUL_AXES - 1; axis >= 0; axis--) {
    size_t index = (size_t)(matrix % matmul->extent[axis]);
    factors.a += index * (size_t)matmul->step_a[axis];
    factors.b += index * (size_t)matmul->step_b[axis];
    matrix /= matmul->extent[axis];
  }
  return factors;
}

#endif
