// Products of two activations, operators.md 3.17. Internal to CKernels.
#ifndef NN_MATMUL_H
#define NN_MATMUL_H

#include "gemm.h"

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

// The right matrix of a product: pixels are its rows, or with transpose_b its columns.
typedef struct nn_right {
  const uint8_t *source;
  size_t stride;  // bytes from a pixel to the next
  int32_t columns, depth;
  int32_t zero_point;
} nn_right;

// Packs the panel of NN_PANEL columns whose first is `column`, in groups of 4 bytes: u8 - 128 of 4 depths or, for a left side of
// s16, s16 of 2, less the zero point. What is missing of the last group is 0, of the last columns anything.
typedef void (*nn_packer)(const nn_right *right, int32_t column, int8_t *panel);

// How an instruction set multiplies. Index 1: for a left side of s16.
typedef struct nn_matmul_set {
  const nn_tiles *tiles[2];
  nn_packer pack_rows[2], pack_columns[2];
  // Sums over the depth of each column of a panel of bytes.
  void (*sum_panel)(const int8_t *panel, int32_t groups, int32_t *sums);
} nn_matmul_set;

void nn_matmul_with(const nn_matmul_set *set, const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);
size_t nn_matmul_scratch_bytes(const nn_step *step);

#endif
