// reduce, operators.md 3.16. Internal to CKernels.
#ifndef NN_REDUCE_H
#define NN_REDUCE_H

#include "views.h"

// Pixels from the first of a box to number `index`.
static inline size_t nn_box_pixel(const int32_t *extent, const int32_t *step, int32_t index) {
  size_t pixel = 0;
  for (int32_t axis = NN_REDUCE_AXES - 1; axis >= 0; axis--) {
    pixel += (size_t)(index % extent[axis]) * (size_t)step[axis];
    index /= extent[axis];
  }
  return pixel;
}

// Pixels of the input for one of the output.
static inline int32_t nn_reduced_count(const nn_reduce *reduce) {
  int32_t count = 1;
  for (int32_t axis = 0; axis < NN_REDUCE_AXES; axis++) {
    count *= reduce->reduced_extent[axis];
  }
  return count;
}

// Equation (17) for a sum of x - z_x.
static inline int32_t nn_requantize_total(const nn_step *step, int64_t total) {
  const nn_reduce *reduce = &step->u.reduce;
  int64_t q = step->output.zero_point + ((total * reduce->multiplier + (INT64_C(1) << (reduce->shift - 1))) >> reduce->shift);
  int64_t lo = step->output.element_bytes == 1 ? 0 : INT16_MIN, hi = step->output.element_bytes == 1 ? UINT8_MAX : INT16_MAX;
  return (int32_t)(q < lo ? lo : q > hi ? hi : q);
}

#endif
