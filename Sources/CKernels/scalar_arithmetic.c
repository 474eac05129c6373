// Arithmetic of two operands, one element at a time: operators.md 3.1, 3.13 to 3.15.
#include "arithmetic.h"
#include "scalar.h"

static int32_t product(const nn_step *step, int32_t a, int32_t b) {
  int32_t centred = nn_shifted(a - step->input.zero_point, step->u.arithmetic.shift_a);
  return step->output.zero_point + ((centred * nn_factor(step, b) + (1 << 14)) >> 15);
}

static int32_t combine(const nn_step *step, int32_t a, int32_t b) {
  const nn_arithmetic *arithmetic = &step->u.arithmetic;
  switch (arithmetic->operation) {
  case NN_ADD:
    return (a * arithmetic->multiplier_a + b * arithmetic->multiplier_b + arithmetic->c) >> arithmetic->shift;
  case NN_REQUANTIZE:
    return (a * arithmetic->multiplier_a + arithmetic->c) >> arithmetic->shift;
  case NN_MULTIPLY:
    return product(step, a, b);
  case NN_MAXIMUM:
    return nn_max(a, b);
  case NN_MINIMUM:
    return nn_min(a, b);
  }
  return 0;
}

void nn_arithmetic_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_arithmetic *arithmetic = &step->u.arithmetic;
  nn_operand a = nn_operand_a(step, arena), b = nn_operand_b(step, arena);
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      const uint8_t *pixel_a = nn_operand_pixel(&a, row, j), *pixel_b = nn_operand_pixel(&b, row, j);
      uint8_t *destination = nn_pixel(arena, &step->output, row, j);
      for (int32_t channel = 0; channel < step->output.channels; channel++) {
        int32_t value = combine(step, nn_operand_element(&a, pixel_a, channel), nn_operand_element(&b, pixel_b, channel));
        nn_store_element(destination, &step->output, channel, nn_clamp(value, arithmetic->lo, arithmetic->hi));
      }
    }
  }
}
