// Cuts elementwise arithmetic into stretches of memory, for every instruction set but scalar.
#include "arithmetic.h"

#include <string.h>

// Elements that are written out of an operand at a time, but at least a pixel: they stay in the first cache.
enum { CHUNK_ELEMENTS = 4096 };

// From a pixel of the output to the next.
static size_t pixel_elements(const nn_step *step) { return (size_t)step->output.pixel_stride / (size_t)step->output.element_bytes; }

static size_t chunk_pixels(const nn_step *step) {
  size_t elements = pixel_elements(step);
  return elements < CHUNK_ELEMENTS ? CHUNK_ELEMENTS / elements : 1;
}

// Of words of one operand.
static size_t chunk_bytes(const nn_step *step) { return nn_round_up(chunk_pixels(step) * pixel_elements(step) * 2, 64); }

size_t nn_arithmetic_scratch_bytes(const nn_step *step) { return 2 * chunk_bytes(step); }

// Fills count bytes with the first of them, again and again.
static void repeat(uint8_t *bytes, size_t first, size_t count) {
  for (size_t known = first; known < count; known *= 2) {
    memcpy(bytes + known, bytes, known < count - known ? known : count - known);
  }
}

// An operand while stretches are cut.
typedef struct nn_cursor {
  nn_operand operand;
  int32_t is_in_place;   // 1: elements lie as the output's do, at least along a row; 0: they are written out
  int32_t is_one_pixel;  // written out: the same for all of an image
  int32_t joins_rows;    // a stretch may go on from row to row
  int32_t is_factor;     // written out as w of (15)
  uint8_t *scratch;
  const uint8_t *written;  // the one pixel that scratch holds
} nn_cursor;

static nn_cursor cursor_of(nn_operand operand, const nn_step *step, uint8_t *scratch) {
  const nn_view *view = operand.view, *output = &step->output;
  nn_cursor cursor = {.operand = operand, .scratch = scratch};
  cursor.is_one_pixel = view->height * view->width == 1 && output->height * output->width > 1;
  if (cursor.is_one_pixel) {
    cursor.operand.row_stride = cursor.operand.pixel_stride = 0;
  }
  int is_alike = (size_t)view->pixel_stride / (size_t)view->element_bytes == pixel_elements(step) && operand.channel_stride != 0;
  cursor.is_in_place = is_alike && cursor.operand.pixel_stride != 0;
  cursor.joins_rows = cursor.is_one_pixel || (cursor.is_in_place && view->height == output->height);
  return cursor;
}

static size_t written_element_bytes(const nn_cursor *cursor) {
  return cursor->is_factor ? 2 : (size_t)cursor->operand.view->element_bytes;
}

// One channel for all.
static void write_channel(const nn_cursor *cursor, const nn_step *step, const uint8_t *pixel, uint8_t *destination) {
  int32_t value = nn_load_element(pixel, cursor->operand.view, 0);
  if (written_element_bytes(cursor) == 1) {
    memset(destination, value, (size_t)step->output.channels);
    return;
  }
  int16_t word = (int16_t)(cursor->is_factor ? nn_factor(step, value) : value);
  for (int32_t channel = 0; channel < step->output.channels; channel++) {
    ((int16_t *)(void *)destination)[channel] = word;
  }
}

static void write_pixel(const nn_cursor *cursor, const nn_step *step, const uint8_t *pixel, uint8_t *destination,
                        const nn_stretch_kernels *kernels) {
  size_t channels = (size_t)step->output.channels;
  if (cursor->operand.channel_stride == 0) {
    write_channel(cursor, step, pixel, destination);
  } else if (cursor->is_factor) {
    kernels->factors(step, pixel, (int16_t *)(void *)destination, channels);
  } else {
    memcpy(destination, pixel, channels * written_element_bytes(cursor));
  }
}

// The elements of count pixels, the first of which is given.
static const uint8_t *elements_of(nn_cursor *cursor, const nn_step *step, const uint8_t *pixel, size_t count,
                                  const nn_stretch_kernels *kernels) {
  size_t pixel_bytes = pixel_elements(step) * written_element_bytes(cursor);
  if (cursor->is_in_place) {
    return pixel;
  }
  if (!cursor->is_one_pixel) {
    for (size_t i = 0; i < count; i++) {
      write_pixel(cursor, step, pixel + i * cursor->operand.pixel_stride, cursor->scratch + i * pixel_bytes, kernels);
    }
  } else if (cursor->written != pixel) {
    write_pixel(cursor, step, pixel, cursor->scratch, kernels);
    repeat(cursor->scratch, pixel_bytes, chunk_pixels(step) * pixel_bytes);
    cursor->written = pixel;
  }
  return cursor->scratch;
}

// Pixels that follow each other, from the start of a row on.
static void walk_pixels(const nn_step *step, uint8_t *arena, int32_t row, size_t count, nn_cursor *a, nn_cursor *b,
                        const nn_stretch_kernels *kernels) {
  const uint8_t *pixel_a = nn_operand_pixel(&a->operand, row, 0), *pixel_b = nn_operand_pixel(&b->operand, row, 0);
  uint8_t *output = nn_pixel(arena, &step->output, row, 0);
  size_t chunk = a->is_in_place && b->is_in_place ? count : chunk_pixels(step);
  for (size_t first = 0; first < count; first += chunk) {
    size_t pixels = chunk < count - first ? chunk : count - first;
    nn_stretch stretch = {
      .a = elements_of(a, step, pixel_a + first * a->operand.pixel_stride, pixels, kernels),
      .b = elements_of(b, step, pixel_b + first * b->operand.pixel_stride, pixels, kernels),
      .y = output + first * (size_t)step->output.pixel_stride,
      .count = pixels * pixel_elements(step),
      .a_bytes = a->operand.view->element_bytes,
      .b_bytes = (int32_t)written_element_bytes(b),
      .b_is_factor = b->is_factor,
    };
    kernels->combine(step, &stretch);
  }
}

void nn_arithmetic_walk(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range, const nn_stretch_kernels *kernels) {
  nn_cursor a = cursor_of(nn_operand_a(step, arena), step, scratch);
  nn_cursor b = cursor_of(nn_operand_b(step, arena), step, scratch + chunk_bytes(step));
  b.is_factor = step->u.arithmetic.operation == NN_MULTIPLY && !b.is_in_place;
  int32_t height = step->output.height;
  for (int32_t row = range.row_begin; row < range.row_end;) {
    int32_t rows = a.joins_rows && b.joins_rows ? nn_min(height - row % height, range.row_end - row) : 1;
    walk_pixels(step, arena, row, (size_t)rows * (size_t)step->output.width, &a, &b, kernels);
    row += rows;
  }
}
