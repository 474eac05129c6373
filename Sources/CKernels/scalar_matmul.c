// Products of two activations in plain loops: operators.md 3.17.
#include "matmul.h"
#include "scalar.h"

static int32_t element(const nn_view *view, uint8_t *arena, size_t pixel, int32_t channel) {
  return nn_load_element(nn_pixel_number(arena, view, pixel), view, channel) - view->zero_point;
}

// The accumulator of one output: row i, column k of the product of two matrices.
static int32_t accumulator(const nn_step *step, uint8_t *arena, nn_factors factors, int32_t i, int32_t k) {
  const nn_matmul *matmul = &step->u.matmul;
  size_t row = factors.a * (size_t)matmul->rows + (size_t)i;
  size_t first = factors.b * (size_t)(matmul->transpose_b ? matmul->columns : matmul->depth);
  int is_wide = step->input.element_bytes == 2;
  int32_t sum = 0, block = 0;
  for (int32_t d = 0; d < matmul->depth; d++) {
    int32_t b = matmul->transpose_b ? element(&step->other, arena, first + (size_t)k, d)
                                    : element(&step->other, arena, first + (size_t)d, k);
    block += element(&step->input, arena, row, d) * b;
    if (is_wide && ((d + 1) % NN_BLOCK_DEPTH == 0 || d + 1 == matmul->depth)) {
      sum += (block + (1 << (NN_BLOCK_SHIFT - 1))) >> NN_BLOCK_SHIFT;
      block = 0;
    }
  }
  return sum + block;
}

// Equations (2) and (3) with one multiplier and shift.
static int32_t requantize(const nn_step *step, int32_t sum) {
  const nn_matmul *matmul = &step->u.matmul;
  int32_t half = matmul->shift == 0 ? 0 : 1 << (matmul->shift - 1);
  int32_t t = nn_clamp((sum + half) >> matmul->shift, INT16_MIN, INT16_MAX);
  int32_t q = (t * matmul->multiplier + (1 << 14) + step->output.zero_point * (1 << 15)) >> 15;
  return nn_clamp(q, matmul->lo, matmul->hi);
}

void nn_matmul_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_matmul *matmul = &step->u.matmul;
  int32_t column_end = nn_min(range.column_end * NN_PANEL, matmul->columns);
  for (int32_t pixel = range.row_begin * step->output.width; pixel < range.row_end * step->output.width; pixel++) {
    nn_factors factors = nn_factors_of(matmul, pixel / matmul->rows);
    uint8_t *output = nn_pixel_number(arena, &step->output, (size_t)pixel);
    for (int32_t k = range.column_begin * NN_PANEL; k < column_end; k++) {
      int32_t sum = accumulator(step, arena, factors, pixel % matmul->rows, k);
      nn_store_element(output, &step->output, k, requantize(step, sum));
    }
  }
}
