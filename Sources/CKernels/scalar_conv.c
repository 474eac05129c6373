// conv2D and dense in plain loops: operators.md 2, with B = bias - z_x * sum(w) + h in the place of the bias, so that
// the sums run over x * w and padding positions count as z_x.
#include "scalar.h"
#include "sparse.h"

// The input element under tap (r, s) of output (i, j) of an image; the zero point outside.
static int32_t input_under_tap(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t r, int32_t s, int32_t channel) {
  const nn_conv *conv = &step->u.conv;
  int32_t image = row / step->output.height, i = row % step->output.height;
  int32_t y = i * conv->stride_height + r * conv->dilation_height - conv->pad_top;
  int32_t x = j * conv->stride_width + s * conv->dilation_width - conv->pad_left;
  if (y < 0 || y >= step->input.height || x < 0 || x >= step->input.width) {
    return step->input.zero_point;
  }
  return nn_pixel(arena, &step->input, image * step->input.height + y, x)[channel];
}

static void store_output(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t k, int32_t accumulator) {
  const nn_epilogue *epilogue = &step->u.conv.epilogue;
  int32_t residual = epilogue->residual_multiplier == 0 ? 0 : nn_pixel(arena, &step->other, row, j)[k];
  nn_store_element(nn_pixel(arena, &step->output, row, j), &step->output, k, nn_requantize(epilogue, k, accumulator, residual));
}

static int32_t conv_accumulator(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t k) {
  const nn_conv *conv = &step->u.conv;
  int32_t channels = step->input.channels;
  nn_runs runs = nn_runs_of(conv->kernel_height, conv->kernel_width, channels);
  int32_t sum = conv->epilogue.bias[k];
  for (int32_t r = 0; r < conv->kernel_height; r++) {
    for (int32_t s = 0; s < conv->kernel_width; s++) {
      int32_t tap = r * conv->kernel_width + s;
      for (int32_t c = 0; c < channels; c++) {
        size_t index = channels < 4 ? nn_panel_index(runs, k, r, s * channels + c) : nn_panel_index(runs, k, tap, c);
        sum += input_under_tap(step, arena, row, j, r, s, c) * conv->weights[index];
      }
    }
  }
  return sum;
}

typedef int32_t nn_accumulator(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t k);

static void store_panels(const nn_step *step, uint8_t *arena, nn_range range, nn_accumulator *accumulator) {
  int32_t k_begin = range.column_begin * NN_PANEL, k_end = nn_min(range.column_end * NN_PANEL, step->output.channels);
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      for (int32_t k = k_begin; k < k_end; k++) {
        store_output(step, arena, row, j, k, accumulator(step, arena, row, j, k));
      }
    }
  }
}

void nn_conv_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  store_panels(step, arena, range, conv_accumulator);
}

// What a block of weights adds to the sum.
static int32_t block_product(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, nn_runs runs, int32_t group, const int8_t *block) {
  int32_t channels = step->input.channels, run = group / runs.groups, first = group % runs.groups * 4, sum = 0;
  int32_t taps_per_run = channels < 4 ? step->u.conv.kernel_width : 1;
  for (int32_t byte = first; byte < nn_min(first + 4, runs.bytes); byte++) {
    int32_t tap = run * taps_per_run + byte / channels;
    int32_t r = tap / step->u.conv.kernel_width, s = tap % step->u.conv.kernel_width;
    sum += input_under_tap(step, arena, row, j, r, s, byte % channels) * block[byte - first];
  }
  return sum;
}

static int32_t sparse_accumulator(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t k) {
  const nn_conv *conv = &step->u.conv;
  nn_runs runs = nn_runs_of(conv->kernel_height, conv->kernel_width, step->input.channels);
  nn_sparse_weights weights = nn_sparse_weights_of(conv->weights, step->output.channels, runs);
  int32_t sum = conv->epilogue.bias[k];
  for (int32_t slice = 0; slice < weights.slices; slice++) {
    size_t place = (size_t)slice * (size_t)weights.places + (size_t)(k / NN_PANEL * NN_PANEL);
    while (weights.channels[place] != k % NN_PANEL) {
      place++;
    }
    for (uint32_t n = weights.starts[place]; n < weights.starts[place + 1]; n++) {
      const nn_sparse_block *block = weights.blocks + n;
      int32_t group = slice * weights.slice_groups + (int32_t)block->group;
      sum += block_product(step, arena, row, j, runs, group, block->weights);
    }
  }
  return sum;
}

void nn_sparse_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  store_panels(step, arena, range, sparse_accumulator);
}

static int32_t depthwise_accumulator(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t k) {
  const nn_conv *conv = &step->u.conv;
  int32_t block = k / NN_DEPTHWISE_BLOCK, slot = k - nn_depthwise_start(step->output.channels, block);
  const int8_t *weights = conv->weights + (size_t)block * nn_depthwise_block_bytes(conv->kernel_height, conv->kernel_width);
  int32_t sum = conv->epilogue.bias[k];
  for (int32_t r = 0; r < conv->kernel_height; r++) {
    for (int32_t s = 0; s < conv->kernel_width; s++) {
      size_t index = nn_depthwise_index(conv->kernel_height, conv->kernel_width, slot, 0, r, s);
      sum += input_under_tap(step, arena, row, j, r, s, k) * weights[index];
    }
  }
  return sum;
}

void nn_depthwise_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      for (int32_t k = 0; k < step->output.channels; k++) {
        store_output(step, arena, row, j, k, depthwise_accumulator(step, arena, row, j, k));
      }
    }
  }
}

// Weights are KRSC; output channel k reads the channels of its group.
static int32_t grouped_accumulator(const nn_step *step, uint8_t *arena, int32_t row, int32_t j, int32_t k) {
  const nn_conv *conv = &step->u.conv;
  int32_t group_channels = step->input.channels / conv->groups;
  int32_t first_channel = k / (step->output.channels / conv->groups) * group_channels;
  size_t kernel_elements = (size_t)conv->kernel_height * (size_t)conv->kernel_width * (size_t)group_channels;
  const int8_t *weight = conv->weights + (size_t)k * kernel_elements;
  int32_t sum = conv->epilogue.bias[k];
  for (int32_t r = 0; r < conv->kernel_height; r++) {
    for (int32_t s = 0; s < conv->kernel_width; s++) {
      for (int32_t c = 0; c < group_channels; c++) {
        sum += input_under_tap(step, arena, row, j, r, s, first_channel + c) * *weight++;
      }
    }
  }
  return sum;
}

void nn_grouped_scalar(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  for (int32_t row = range.row_begin; row < range.row_end; row++) {
    for (int32_t j = 0; j < step->output.width; j++) {
      for (int32_t k = 0; k < step->output.channels; k++) {
        store_output(step, arena, row, j, k, grouped_accumulator(step, arena, row, j, k));
      }
    }
  }
}
