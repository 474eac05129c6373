// layerNorm, operators.md 3.18: what all elements of a row share. Internal to CKernels.
#ifndef NN_LAYER_NORM_H
#define NN_LAYER_NORM_H

#include "views.h"

// t = ((x - z_x) * 2^fraction - mean) * reciprocal * 2^-shift, rounded, in 2^-15.
typedef struct nn_row {
  int32_t fraction;
  int32_t mean;
  int32_t reciprocal;  // below 2^31
  int32_t shift;       // 7...32
} nn_row;

// The largest integer whose square is not larger, for x of 2^62 and more: 16 bits of it from the upper half of x one by one,
// 16 from a division, which gives at most one too many.
static inline uint64_t nn_square_root(uint64_t x) {
  uint32_t upper = (uint32_t)(x >> 32), high = 0;
  for (int bit = 15; bit >= 0; bit--) {
    uint32_t candidate = high | (uint32_t)1 << bit;
    high = candidate * candidate <= upper ? candidate : high;
  }
  uint64_t remainder = ((uint64_t)(upper - high * high) << 16) + (x >> 16 & 0xFFFF);
  uint64_t root = ((uint64_t)high << 16) + remainder / (2 * (uint64_t)high);
  root = root > UINT32_MAX ? UINT32_MAX : root;
  return root * root > x ? root - 1 : root;
}

static inline int64_t nn_floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// sum and squares: of x - z_x and of its square over the row's elements.
static inline nn_row nn_row_of(const nn_step *step, int64_t sum, int64_t squares) {
  const nn_layer_norm *norm = &step->u.layer_norm;
  int64_t count = step->input.channels;
  sum = norm->subtracts_mean ? sum : 0;
  uint64_t spread = (uint64_t)(count * squares - sum * sum) + ((uint64_t)norm->epsilon << norm->epsilon_shift);
  spread = spread > 0 ? spread : 1;
  int32_t scaling = __builtin_clzll(spread) & ~1;
  uint64_t factor = (uint64_t)count * ((UINT64_C(1) << 63) / nn_square_root(spread << scaling));
  nn_row row = {.fraction = step->input.element_bytes == 1 ? 16 : 8};
  int32_t exponent = 48 + row.fraction - scaling / 2;
  int32_t dropped = nn_max(33 - __builtin_clzll(factor), exponent - 32);
  row.mean = (int32_t)nn_floor_div(sum * (1 << row.fraction) + count / 2, count);
  row.reciprocal = (int32_t)(factor >> dropped);
  row.shift = exponent - dropped;
  return row;
}

#endif
