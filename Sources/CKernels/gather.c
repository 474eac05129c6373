#include "gather.h"

#include <string.h>

// A multiple of every tile's rows; the addresses of one run of a block then take a few cache lines.
enum { BLOCK_PIXELS = 96 };

nn_gather nn_gather_of(const nn_step *step) {
  const nn_conv *conv = &step->u.conv;
  int32_t channels = step->input.channels;
  int is_row_run = channels < 4 || conv->dilation_width == 1;
  nn_gather gather = {.step = step, .block_pixels = BLOCK_PIXELS};
  gather.runs_per_row = is_row_run ? 1 : conv->kernel_width;
  gather.taps_per_run = is_row_run ? conv->kernel_width : 1;
  gather.runs = conv->kernel_height * gather.runs_per_row;
  gather.groups = nn_ceil_div(gather.taps_per_run * step->input.pixel_stride, 4);
  gather.is_scattered = gather.taps_per_run > 1 && conv->dilation_width > 1;
  int has_one_tap = conv->kernel_height == 1 && conv->kernel_width == 1 && conv->pad_top == 0 && conv->pad_left == 0;
  gather.is_flat = has_one_tap && conv->stride_height == 1 && conv->stride_width == 1 && channels >= 4
                   && step->input.height == step->output.height && step->input.width == step->output.width;
  return gather;
}

// The scratch holds the run outside the input, the addresses, the copies.
static size_t run_pitch(const nn_gather *gather) { return nn_round_up((size_t)gather->groups * 4, 64); }

static size_t addresses_bytes(const nn_gather *gather) {
  return (size_t)gather->runs * (size_t)gather->block_pixels * sizeof(uint8_t *);
}

size_t nn_gather_scratch_bytes(const nn_gather *gather) {
  size_t copies = gather->is_flat ? 0 : (size_t)gather->runs * (size_t)gather->block_pixels;
  return run_pitch(gather) + nn_round_up(addresses_bytes(gather), 64) + copies * run_pitch(gather);
}

void nn_gather_prepare(const nn_gather *gather, uint8_t *scratch) {
  if (!gather->is_flat) {
    memset(scratch, gather->step->input.zero_point, run_pitch(gather));
  }
}

// What one run of the pixels of a block that lie in one output row has in common.
typedef struct nn_segment {
  const nn_gather *gather;
  const uint8_t *input_row;  // first pixel of the input row under the run
  const uint8_t *input_end;  // of the whole input
  int32_t x;                 // input column of the run of the first pixel
  int32_t count;             // pixels
  uint8_t *copies;           // room for the runs of these pixels
} nn_segment;

// The taps of a run side by side, the zero point where they are outside the input.
static void copy_run(const nn_segment *segment, int32_t x, uint8_t *copy) {
  const nn_view *input = &segment->gather->step->input;
  for (int32_t tap = 0; tap < segment->gather->taps_per_run; tap++) {
    if (x >= 0 && x < input->width) {
      memcpy(copy, segment->input_row + (size_t)x * (size_t)input->pixel_stride, (size_t)input->pixel_stride);
    } else {
      memset(copy, input->zero_point, (size_t)input->pixel_stride);
    }
    copy += input->pixel_stride;
    x += segment->gather->step->u.conv.dilation_width;
  }
}

// The pixels of a segment whose runs can be read in place: first and one past the last.
static void inner_pixels(const nn_segment *segment, int32_t *begin, int32_t *end) {
  const nn_gather *gather = segment->gather;
  const nn_view *input = &gather->step->input;
  int32_t stride = gather->step->u.conv.stride_width;
  int32_t x_last = input->width - gather->taps_per_run;
  if (input->channels < 4) {  // A run is read in groups of 4 bytes, which may reach past its own.
    ptrdiff_t spare = segment->input_end - segment->input_row - (ptrdiff_t)gather->groups * 4;
    x_last = spare < 0 ? -1 : nn_min(x_last, (int32_t)(spare / input->pixel_stride));
  }
  *begin = segment->x >= 0 ? 0 : nn_min(nn_ceil_div(-segment->x, stride), segment->count);
  *end = x_last < segment->x || gather->is_scattered ? 0 : nn_min((x_last - segment->x) / stride + 1, segment->count);
  *end = nn_max(*begin, *end);
}

static void copy_runs(const nn_segment *segment, int32_t begin, int32_t end, const uint8_t **addresses) {
  size_t pitch = run_pitch(segment->gather);
  for (int32_t i = begin; i < end; i++) {
    uint8_t *copy = segment->copies + (size_t)i * pitch;
    copy_run(segment, segment->x + i * segment->gather->step->u.conv.stride_width, copy);
    addresses[i] = copy;
  }
}

static void gather_segment(const nn_segment *segment, const uint8_t **addresses) {
  int32_t stride = segment->gather->step->u.conv.stride_width, begin, end;
  ptrdiff_t pixel_stride = segment->gather->step->input.pixel_stride;
  inner_pixels(segment, &begin, &end);
  copy_runs(segment, 0, begin, addresses);
  for (int32_t i = begin; i < end; i++) {
    addresses[i] = segment->input_row + (segment->x + (ptrdiff_t)i * stride) * pixel_stride;
  }
  copy_runs(segment, end, segment->count, addresses);
}

// One run of the pixels (row, j) to (row, j + count - 1). index: of the first of them in the block.
static void gather_run(const nn_gather *gather, uint8_t *arena, uint8_t *scratch, int32_t row, int32_t j, int32_t count,
                       int32_t run, int32_t index) {
  const nn_conv *conv = &gather->step->u.conv;
  const nn_view *input = &gather->step->input, *output = &gather->step->output;
  const uint8_t **addresses = (const uint8_t **)(void *)(scratch + run_pitch(gather)) + run * gather->block_pixels + index;
  int32_t image = row / output->height, r = run / gather->runs_per_row, s = run % gather->runs_per_row;
  int32_t y = row % output->height * conv->stride_height + r * conv->dilation_height - conv->pad_top;
  if (y < 0 || y >= input->height) {
    for (int32_t i = 0; i < count; i++) {
      addresses[i] = scratch;
    }
    return;
  }
  uint8_t *copies = scratch + run_pitch(gather) + nn_round_up(addresses_bytes(gather), 64);
  nn_segment segment = {
    .gather = gather,
    .input_row = nn_pixel(arena, input, image * input->height + y, 0),
    .input_end = nn_pixel(arena, input, (image + 1) * input->height, 0),
    .x = j * conv->stride_width + s * conv->dilation_width - conv->pad_left,
    .count = count,
    .copies = copies + ((size_t)run * (size_t)gather->block_pixels + (size_t)index) * run_pitch(gather),
  };
  gather_segment(&segment, addresses);
}

const uint8_t **nn_gather_block(const nn_gather *gather, uint8_t *arena, uint8_t *scratch, size_t pixel, int32_t count) {
  const nn_view *input = &gather->step->input;
  const uint8_t **addresses = (const uint8_t **)(void *)(scratch + run_pitch(gather));
  if (gather->is_flat) {
    const uint8_t *first = arena + input->offset + pixel * (size_t)input->pixel_stride;
    for (int32_t i = 0; i < count; i++) {
      addresses[i] = first + (size_t)i * (size_t)input->pixel_stride;
    }
    return addresses;
  }
  int32_t width = gather->step->output.width;
  int32_t row = (int32_t)(pixel / (size_t)width), j = (int32_t)(pixel % (size_t)width);
  for (int32_t index = 0; index < count; row++, j = 0) {
    int32_t in_row = nn_min(width - j, count - index);
    for (int32_t run = 0; run < gather->runs; run++) {
      gather_run(gather, arena, scratch, row, j, in_row, run, index);
    }
    index += in_row;
  }
  return addresses;
}
