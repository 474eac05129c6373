// softmax, operators.md 3.4. Internal to CKernels.
#ifndef NN_SOFTMAX_H
#define NN_SOFTMAX_H

#include "views.h"

// e of (9) for the distance from the largest element of the row.
static inline uint32_t nn_exponential(const uint32_t *table, int32_t distance) {
  return (uint32_t)((uint64_t)table[distance / 256] * table[256 + distance % 256] >> 31);
}

// How (10) scales: y = min(largest, (e * reciprocal + half) >> shift).
typedef struct nn_shares {
  uint64_t reciprocal, half;  // the reciprocal is at most 2^31
  int32_t shift;
  int32_t largest;
} nn_shares;

static inline nn_shares nn_shares_of(const nn_step *step, uint64_t sum) {
  int32_t bits = step->output.element_bytes == 1 ? 8 : 15;
  nn_shares shares = {
    .reciprocal = (UINT64_C(1) << 62) / sum,
    .half = UINT64_C(1) << (61 - bits),
    .shift = 62 - bits,
    .largest = (1 << bits) - 1,
  };
  return shares;
}

static inline int32_t nn_share(const nn_shares *shares, uint32_t e) {
  return nn_min((int32_t)((e * shares->reciprocal + shares->half) >> shares->shift), shares->largest);
}

#endif
