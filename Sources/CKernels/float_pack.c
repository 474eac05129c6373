// Copies the right operand of a float product, or a depthwise plane, into the order the kernels read it.
#include "float_common.h"

static size_t min_size(size_t a, size_t b) { return a < b ? a : b; }

static size_t ceil_div(size_t a, size_t b) { return (a + b - 1) / b; }

// Copies the inputs of outputs j_begin ..< j_end of one output row: row[j * stride + offset - pad], 0 outside.
static void copy_taps(const float *row, size_t width, size_t stride, size_t offset, size_t pad, size_t j_begin, size_t j_end,
                      float *to) {
  // j is inside where pad <= j * stride + offset < width + pad.
  const size_t inside_begin = pad > offset ? ceil_div(pad - offset, stride) : 0;
  const size_t inside_end = width + pad > offset ? ceil_div(width + pad - offset, stride) : 0;
  size_t j = j_begin;
  for (; j < min_size(inside_begin, j_end); j++) *to++ = 0.0f;
  const size_t stop = min_size(inside_end, j_end);
  if (stride == 1 && j < stop) {
    memcpy(to, row + (j + offset - pad), (stop - j) * sizeof(float));
    to += stop - j;
    j = stop;
  }
  for (; j < stop; j++) *to++ = row[j * stride + offset - pad];
  for (; j < j_end; j++) *to++ = 0.0f;
}

// One row k = (c, r, s) of a convolution's panel.
static void pack_windows(const float_source *source, float_panel panel, size_t k, float *to) {
  const nn_f32_conv *conv = source->conv;
  const size_t s = k % conv->kernel_width;
  const size_t r = k / conv->kernel_width % conv->kernel_height;
  const size_t c = k / conv->kernel_width / conv->kernel_height;
  const float *plane = source->elements + c * conv->height * conv->width;
  size_t column = panel.first_column;
  const size_t end = column + panel.column_count;
  while (column < end) {
    const size_t i = column / conv->out_width;
    const size_t j = column % conv->out_width;
    const size_t count = min_size(conv->out_width - j, end - column);
    const size_t padded_row = i * conv->stride_height + r * conv->dilation_height;
    if (padded_row < conv->pad_top || padded_row - conv->pad_top >= conv->height) {
      memset(to, 0, count * sizeof(float));
    } else {
      copy_taps(plane + (padded_row - conv->pad_top) * conv->width, conv->width, conv->stride_width, s * conv->dilation_width,
                conv->pad_left, j, j + count, to);
    }
    to += count;
    column += count;
  }
}

void nn_f32_pack_panel(const float_source *source, float_panel panel, size_t depth_begin, size_t depth_end, float *packed) {
  for (size_t k = depth_begin; k < depth_end; k++, packed += panel.width) {
    if (source->conv) {
      pack_windows(source, panel, k, packed);
    } else {
      memcpy(packed, source->elements + k * source->columns + panel.first_column, panel.column_count * sizeof(float));
    }
    for (size_t p = panel.column_count; p < panel.width; p++) packed[p] = 0.0f;
  }
}

float_phases nn_f32_phases(const nn_f32_conv *conv) {
  // The rows and columns of the padded plane that some window covers.
  const size_t rows = (conv->out_height - 1) * conv->stride_height + (conv->kernel_height - 1) * conv->dilation_height + 1;
  const size_t columns = (conv->out_width - 1) * conv->stride_width + (conv->kernel_width - 1) * conv->dilation_width + 1;
  const size_t phase_width = ceil_div(columns, conv->stride_width);
  return (float_phases){.count = conv->stride_width,
                        .rows = rows,
                        .phase_width = phase_width,
                        .row_pitch = phase_width * conv->stride_width,
                        .tap_phases = conv->dilation_width % conv->stride_width,
                        .tap_indices = conv->dilation_width / conv->stride_width};
}

// A vector that begins inside the last row may end MAX_LANES - 1 elements after it.
size_t nn_f32_depthwise_scratch_count(const nn_f32_conv *conv) {
  const float_phases phases = nn_f32_phases(conv);
  return phases.rows * phases.row_pitch + MAX_LANES;
}

void nn_f32_split_phases(const nn_f32_conv *conv, const float *plane, float *scratch) {
  const float_phases phases = nn_f32_phases(conv);
  for (size_t row = 0; row < phases.rows; row++, scratch += phases.row_pitch) {
    if (row < conv->pad_top || row - conv->pad_top >= conv->height) {
      memset(scratch, 0, phases.row_pitch * sizeof(float));
      continue;
    }
    const float *from = plane + (row - conv->pad_top) * conv->width;
    for (size_t phase = 0; phase < conv->stride_width; phase++) {
      copy_taps(from, conv->width, conv->stride_width, phase, conv->pad_left, 0, phases.phase_width,
                scratch + phase * phases.phase_width);
    }
  }
  memset(scratch, 0, MAX_LANES * sizeof(float));
}
