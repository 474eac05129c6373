#include "gather.h"

#include <string.h>

// Input rows and columns under all windows, padding included.
static int64_t covered_rows(const nn_step *step) {
  const nn_conv *conv = &step->u.conv;
  return (step->output.height - INT64_C(1)) * conv->stride_height + (conv->kernel_height - INT64_C(1)) * conv->dilation_height + 1;
}

static int64_t covered_columns(const nn_step *step) {
  const nn_conv *conv = &step->u.conv;
  return (step->output.width - INT64_C(1)) * conv->stride_width + (conv->kernel_width - INT64_C(1)) * conv->dilation_width + 1;
}

static int is_padded(const nn_step *step) {
  return step->u.conv.pad_top != 0 || step->u.conv.pad_left != 0 || covered_rows(step) > step->input.height
         || covered_columns(step) > step->input.width;
}

// Bytes of a row of the copy.
static size_t copy_row_bytes(const nn_gather *gather) {
  const nn_step *step = gather->step;
  int64_t pixels = covered_columns(step);
  if (gather->is_scattered) {
    pixels = (int64_t)step->output.width * step->u.conv.kernel_width;
  }
  return (size_t)pixels * (size_t)step->input.pixel_stride;
}

// All but what lies in the scratch.
static nn_gather describe(const nn_step *step) {
  const nn_conv *conv = &step->u.conv;
  const nn_view *input = &step->input;
  int is_narrow = input->channels < 4;  // packed by kernel rows, and read in groups of 4 bytes that may reach past a run
  int row_is_run = is_narrow || conv->dilation_width == 1;
  nn_gather gather = {.step = step};
  gather.runs_per_row = row_is_run ? 1 : conv->kernel_width;
  gather.runs = conv->kernel_height * gather.runs_per_row;
  gather.groups = nn_ceil_div((row_is_run ? conv->kernel_width : 1) * input->pixel_stride, 4);
  gather.is_scattered = is_narrow && conv->kernel_width > 1 && conv->dilation_width > 1;
  gather.is_copied = is_narrow || is_padded(step);
  gather.is_flat = !gather.is_copied && gather.runs == 1 && conv->kernel_width == 1 && conv->stride_height == 1
                   && conv->stride_width == 1 && input->height == step->output.height && input->width == step->output.width;
  gather.row_bytes = gather.is_copied ? copy_row_bytes(&gather) : (size_t)input->width * (size_t)input->pixel_stride;
  gather.pixel_bytes = (size_t)(gather.is_scattered ? conv->kernel_width : conv->stride_width) * (size_t)input->pixel_stride;
  return gather;
}

// The scratch holds the addresses, the offsets, the copy.
static size_t addresses_bytes(void) { return NN_BLOCK_PIXELS * sizeof(uint8_t *); }
static size_t offsets_bytes(const nn_gather *gather) { return nn_round_up((size_t)gather->runs * sizeof(ptrdiff_t), 64); }

size_t nn_gather_scratch_bytes(const nn_step *step) {
  const size_t most = (size_t)1 << 40;
  nn_gather gather = describe(step);
  size_t copy = 0, past_the_end = 4;
  if (gather.is_copied && __builtin_mul_overflow((size_t)covered_rows(step), gather.row_bytes, &copy)) {
    return most;
  }
  size_t bytes = addresses_bytes() + offsets_bytes(&gather) + past_the_end;
  return copy < most - bytes ? nn_round_up(copy + bytes, 64) : most;
}

nn_gather nn_gather_of(const nn_step *step, uint8_t *scratch) {
  nn_gather gather = describe(step);
  gather.addresses = (const uint8_t **)(void *)scratch;
  gather.offsets = (ptrdiff_t *)(void *)(scratch + addresses_bytes());
  gather.copy = scratch + addresses_bytes() + offsets_bytes(&gather);
  for (int32_t run = 0; run < gather.runs; run++) {
    size_t r = (size_t)(run / gather.runs_per_row), s = (size_t)(run % gather.runs_per_row);
    size_t row = r * (size_t)step->u.conv.dilation_height, column = s * (size_t)step->u.conv.dilation_width;
    gather.offsets[run] = (ptrdiff_t)(row * gather.row_bytes + column * (size_t)step->input.pixel_stride);
  }
  return gather;
}

// A row of the input with its padding.
static void copy_padded(const nn_gather *gather, const uint8_t *input_row, uint8_t *destination) {
  const nn_view *input = &gather->step->input;
  size_t pixel = (size_t)input->pixel_stride, bytes = gather->row_bytes;
  size_t before = (size_t)gather->step->u.conv.pad_left * pixel, inside = (size_t)input->width * pixel;
  before = before < bytes ? before : bytes;
  inside = inside < bytes - before ? inside : bytes - before;
  memset(destination, input->zero_point, before);
  memcpy(destination + before, input_row, inside);
  memset(destination + before + inside, input->zero_point, bytes - before - inside);
}

// For each output pixel of a row, the taps of one kernel row.
static void copy_scattered(const nn_gather *gather, const uint8_t *input_row, uint8_t *destination) {
  const nn_conv *conv = &gather->step->u.conv;
  const nn_view *input = &gather->step->input;
  size_t pixel = (size_t)input->pixel_stride;
  memset(destination, input->zero_point, gather->row_bytes);
  for (int32_t tap = 0; tap < gather->step->output.width * conv->kernel_width; tap++, destination += pixel) {
    int32_t j = tap / conv->kernel_width, s = tap % conv->kernel_width;
    int32_t x = j * conv->stride_width + s * conv->dilation_width - conv->pad_left;
    if (x >= 0 && x < input->width) {
      memcpy(destination, input_row + (size_t)x * pixel, pixel);
    }
  }
}

// Copies the input rows under the output rows row...row_end - 1 of one image.
static void copy_rows(nn_gather *gather, uint8_t *arena, int32_t row, int32_t row_end) {
  const nn_conv *conv = &gather->step->u.conv;
  const nn_view *input = &gather->step->input;
  int32_t image = row / gather->step->output.height;
  int32_t y = row % gather->step->output.height * conv->stride_height - conv->pad_top;
  int32_t count = (row_end - row - 1) * conv->stride_height + (conv->kernel_height - 1) * conv->dilation_height + 1;
  uint8_t *destination = gather->copy;
  for (int32_t n = 0; n < count; n++, y++, destination += gather->row_bytes) {
    if (y < 0 || y >= input->height) {
      memset(destination, input->zero_point, gather->row_bytes);
    } else if (gather->is_scattered) {
      copy_scattered(gather, nn_pixel(arena, input, image * input->height + y, 0), destination);
    } else {
      copy_padded(gather, nn_pixel(arena, input, image * input->height + y, 0), destination);
    }
  }
  gather->first_row = row;
}

int32_t nn_gather_rows(nn_gather *gather, uint8_t *arena, int32_t row, int32_t row_end) {
  if (gather->is_copied) {
    int32_t height = gather->step->output.height;
    row_end = nn_min(row_end, (row / height + 1) * height);
    copy_rows(gather, arena, row, row_end);
  }
  return row_end;
}

// What the first tap of the first pixel of an output row reads.
static const uint8_t *row_address(const nn_gather *gather, uint8_t *arena, int32_t row) {
  size_t stride = (size_t)gather->step->u.conv.stride_height;
  if (gather->is_copied) {
    return gather->copy + (size_t)(row - gather->first_row) * stride * gather->row_bytes;
  }
  int32_t height = gather->step->output.height;
  const uint8_t *image = nn_pixel(arena, &gather->step->input, row / height * gather->step->input.height, 0);
  return image + (size_t)(row % height) * stride * gather->row_bytes;
}

void nn_gather_block(const nn_gather *gather, uint8_t *arena, size_t pixel, int32_t count) {
  int32_t width = gather->is_flat ? INT32_MAX : gather->step->output.width;
  int32_t row = (int32_t)(pixel / (size_t)width), j = (int32_t)(pixel % (size_t)width);
  const uint8_t **addresses = gather->addresses;
  for (; count > 0; row++, j = 0) {
    const uint8_t *first = row_address(gather, arena, row) + (size_t)j * gather->pixel_bytes;
    int32_t in_row = nn_min(width - j, count);
    for (int32_t i = 0; i < in_row; i++) {
      addresses[i] = first + (size_t)i * gather->pixel_bytes;
    }
    addresses += in_row;
    count -= in_row;
  }
}
