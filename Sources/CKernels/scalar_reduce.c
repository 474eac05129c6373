// Sums, largest and smallest elements over whole axes in plain loops: operators.md 3.16.
#include "reduce.h"
#include "scalar.h"

// What is known of the elements seen so far.
typedef struct nn_seen {
  int64_t total;  // of x - z_x
  int32_t maximum, minimum;
} nn_seen;

static void look(const nn_step *step, const uint8_t *pixel, int32_t channel, int32_t channel_end, nn_seen *seen) {
  for (; channel < channel_end; channel++) {
    int32_t value = nn_load_element(pixel, &step->input, channel);
    seen->total += value - step->input.zero_point;
    seen->maximum = nn_max(seen->maximum, value);
    seen->minimum = nn_min(seen->minimum, value);
  }
}

static int32_t reduced(const nn_step *step, uint8_t *arena, size_t first, int32_t channel, int32_t channel_end) {
  const nn_reduce *reduce = &step->u.reduce;
  nn_seen seen = {.maximum = INT16_MIN, .minimum = INT16_MAX};
  for (int32_t index = 0; index < nn_reduced_count(reduce); index++) {
    size_t pixel = first + nn_box_pixel(reduce->reduced_extent, reduce->reduced_step, index);
    look(step, nn_pixel_number(arena, &step->input, pixel), channel, channel_end, &seen);
  }
  return reduce->kind == NN_REDUCE_MAX   ? seen.maximum
         : reduce->kind == NN_REDUCE_MIN ? seen.minimum
                                         : nn_requantize_total(step, seen.total);
}

void nn_reduce_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  const nn_reduce *reduce = &step->u.reduce;
  int keeps_channels = step->input.channels == step->output.channels;
  for (int32_t pixel = range.row_begin * step->output.width; pixel < range.row_end * step->output.width; pixel++) {
    size_t first = nn_box_pixel(reduce->kept_extent, reduce->kept_step, pixel);
    uint8_t *output = nn_pixel_number(arena, &step->output, (size_t)pixel);
    for (int32_t channel = 0; channel < step->output.channels; channel++) {
      int32_t value = keeps_channels ? reduced(step, arena, first, channel, channel + 1)
                                     : reduced(step, arena, first, 0, step->input.channels);
      nn_store_element(output, &step->output, channel, value);
    }
  }
}
