// Softmax in plain loops: operators.md 3.4.
#include "scalar.h"
#include "softmax.h"
#include "views.h"

// Equations (9) and (10) for one pixel.
static void softmax_pixel(const nn_step *step, const uint8_t *source, uint8_t *destination) {
  const uint32_t *table = step->u.softmax.exponential;
  int32_t maximum = INT16_MIN;
  for (int32_t channel = 0; channel < step->input.channels; channel++) {
    maximum = nn_max(maximum, nn_load_element(source, &step->input, channel));
  }
  uint64_t sum = 0;
  for (int32_t channel = 0; channel < step->input.channels; channel++) {
    sum += nn_exponential(table, maximum - nn_load_element(source, &step->input, channel));
  }
  nn_shares shares = nn_shares_of(step, sum);
  for (int32_t channel = 0; channel < step->input.channels; channel++) {
    uint32_t e = nn_exponential(table, maximum - nn_load_element(source, &step->input, channel));
    nn_store_element(destination, &step->output, channel, nn_share(&shares, e));
  }
}

void nn_softmax_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      softmax_pixel(step, nn_pixel(arena, &step->input, row, j), nn_pixel(arena, &step->output, row, j));
    }
  }
}
