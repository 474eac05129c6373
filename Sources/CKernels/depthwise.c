#include "depthwise.h"

#include <string.h>

// The scratch holds a row of zero points, the addresses of the input rows, the slots of all blocks.
typedef struct nn_layout {
  size_t rows, slots, end;
} nn_layout;

static nn_layout layout_of(const nn_step *step) {
  nn_layout layout;
  size_t row_count = 4 * (size_t)nn_depthwise_groups(step->u.conv.kernel_height);
  layout.rows = nn_round_up((size_t)step->input.width * (size_t)step->input.pixel_stride + NN_DEPTHWISE_BLOCK, 64);
  layout.slots = layout.rows + nn_round_up(row_count * sizeof(uint8_t *), 64);
  layout.end = layout.slots + (size_t)nn_depthwise_blocks(step->input.channels) * sizeof(nn_slots);
  return layout;
}

size_t nn_depthwise_scratch_bytes(const nn_step *step) { return layout_of(step).end; }

// Moves the constants of a block into the order of its slots. Slots without a channel get those of any other.
static void fill_slots(const nn_step *step, int32_t start, nn_slots *slots) {
  const nn_epilogue *epilogue = &step->u.conv.epilogue;
  int32_t channels = step->output.channels;
  int32_t stored = (int32_t)nn_round_up((size_t)channels, NN_PANEL);
  int32_t period = nn_depthwise_copies(channels) > 1 ? channels : NN_DEPTHWISE_BLOCK;
  for (int32_t slot = 0; slot < NN_DEPTHWISE_BLOCK; slot++) {
    int32_t channel = nn_min(start + slot % period, stored - 1);
    int32_t lane = slot / 16, vector = slot % 16 / 4, place = slot % 4;
    slots->bias[vector * 16 + lane * 4 + place] = epilogue->bias[channel];
    slots->shift[vector * 16 + lane * 4 + place] = epilogue->shift[channel];
    slots->multiplier[vector / 2 * 32 + lane * 8 + vector % 2 * 4 + place] = (int16_t)epilogue->multiplier[channel];
  }
}

// The input rows under an output row, and those under the next one too if there are two.
static void find_rows(nn_band *band, uint8_t *arena, const uint8_t *outside, int32_t row, int32_t channel) {
  const nn_conv *conv = &band->step->u.conv;
  const nn_view *input = &band->step->input;
  int32_t image = row / band->step->output.height;
  int32_t y = row % band->step->output.height * conv->stride_height - conv->pad_top;
  int32_t used = conv->kernel_height + band->output_rows - 1;
  for (int32_t n = 0; n < 4 * band->groups; n++, y += conv->dilation_height) {
    int inside = n < used && y >= 0 && y < input->height;
    band->rows[n] = inside ? nn_pixel(arena, input, image * input->height + y, 0) + channel : outside;
  }
}

// The rows of a range under the block that starts with a channel.
static void run_block(nn_band_kernel kernel, nn_band *band, uint8_t *arena, const uint8_t *outside, int32_t channel,
                      nn_range range) {
  const nn_conv *conv = &band->step->u.conv;
  int32_t height = band->step->output.height;
  int shares_rows = conv->stride_height == 1 && conv->dilation_height == 1;
  nn_target target = nn_target_of(band->step);
  for (int32_t row = range.row_begin; row < range.row_end; row += band->output_rows) {
    band->output_rows = shares_rows && row + 1 < range.row_end && row % height + 1 < height ? 2 : 1;
    band->groups = nn_ceil_div(conv->kernel_height + band->output_rows - 1, 4);
    find_rows(band, arena, outside, row, channel);
    nn_target_seek(&target, band->step, arena, (size_t)row * (size_t)band->step->output.width);
    band->target = nn_target_columns(&target, channel, NN_DEPTHWISE_BLOCK);
    kernel(band);
  }
}

int32_t nn_depthwise_fold(const nn_step *step) {
  nn_target target = nn_target_of(step);
  int folds = step->u.conv.stride_width == 1 && step->input.channels >= 4 && nn_target_is_plain(&target);
  return folds ? nn_depthwise_copies(step->input.channels) : 1;
}

// Output rows whose input stays in the second-level cache while one block of channels after the other reads it.
static int32_t rows_at_once(const nn_step *step) {
  const size_t cached = 64 * 1024;
  size_t row_bytes = (size_t)step->input.width * (size_t)step->input.pixel_stride * (size_t)step->u.conv.stride_height;
  size_t rows = cached / row_bytes / 2 * 2;  // even, for kernels that compute two
  return rows < 2 ? 2 : rows > INT16_MAX ? INT16_MAX : (int32_t)rows;
}

void nn_depthwise(nn_band_kernel kernel, const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  const nn_conv *conv = &step->u.conv;
  nn_layout layout = layout_of(step);
  nn_slots *slots = (nn_slots *)(void *)(scratch + layout.slots);
  nn_band band = {.step = step, .fold = nn_depthwise_fold(step), .rows = (const uint8_t **)(void *)(scratch + layout.rows)};
  int32_t blocks = nn_depthwise_blocks(step->input.channels), some_rows = rows_at_once(step);
  memset(scratch, step->input.zero_point, layout.rows);
  for (int32_t block = 0; block < blocks; block++) {
    fill_slots(step, nn_depthwise_start(step->input.channels, block), slots + block);
  }
  for (int32_t row = range.row_begin; row < range.row_end; row += some_rows) {
    nn_range part = {.row_begin = row, .row_end = nn_min(row + some_rows, range.row_end)};
    for (int32_t block = 0; block < blocks; block++) {
      band.slots = slots + block;
      band.weights = conv->weights + (size_t)block * nn_depthwise_block_bytes(conv->kernel_height, conv->kernel_width);
      run_block(kernel, &band, arena, scratch, nn_depthwise_start(step->input.channels, block), part);
    }
  }
}
