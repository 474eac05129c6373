// Real numbers to integers and back: operators.md 4, the only floating point of a run.
#include "views.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Equation (11) in single precision throughout, so that four fit a vector of any x86-64 and arm64.
typedef struct nn_quantizer {
  float inverse_scale;
  float lo, hi;  // the limits of the element type less the zero point; they lie within +-2^20, so one clamp does for both
  int32_t zero_point;
} nn_quantizer;

static inline int32_t quantize(float v, nn_quantizer quantizer) {
  // A sum with 1.5 * 2^23 is an integer, rounded half to even, and its low bits are that integer.
  const float integers_from_here = 12582912.0f;
  const int32_t bits_there = 0x4B400000;
  float scaled = v * quantizer.inverse_scale;
  scaled = scaled < quantizer.lo ? quantizer.lo : scaled;
  scaled = scaled > quantizer.hi ? quantizer.hi : scaled;
  scaled = scaled == scaled ? scaled : 0;
  float sum = scaled + integers_from_here;
  int32_t bits;
  memcpy(&bits, &sum, sizeof bits);
  return bits - bits_there + quantizer.zero_point;
}

// Elements that are quantised before they are stored: one loop of arithmetic alone, which compilers vectorise.
enum { RUN = 256 };

static void quantize_run(const float *source, ptrdiff_t stride, int32_t count, const nn_boundary *boundary, int32_t *quantized) {
  nn_quantizer quantizer = {
    .inverse_scale = boundary->inverse_scale,
    .lo = (float)(boundary->min - boundary->zero_point),
    .hi = (float)(boundary->max - boundary->zero_point),
    .zero_point = boundary->zero_point,
  };
  if (stride == 1) {
    for (int32_t index = 0; index < count; index++) {
      quantized[index] = quantize(source[index], quantizer);
    }
    return;
  }
  for (int32_t index = 0; index < count; index++) {
    quantized[index] = quantize(source[index * stride], quantizer);
  }
}

// count elements, element_stride bytes apart at the destination.
static void quantize_elements(const float *source, ptrdiff_t stride, int32_t count, uint8_t *destination, ptrdiff_t element_stride,
                              const nn_view *view, const nn_boundary *boundary) {
  int32_t quantized[RUN];
  for (int32_t begin = 0; begin < count; begin += RUN) {
    int32_t length = nn_min(RUN, count - begin);
    quantize_run(source + begin * stride, stride, length, boundary, quantized);
    uint8_t *first = destination + begin * element_stride;
    if (view->element_bytes == 1) {
      for (int32_t index = 0; index < length; index++) {
        first[index * element_stride] = (uint8_t)quantized[index];
      }
    } else {
      for (int32_t index = 0; index < length; index++) {
        nn_store_element(first + index * element_stride, view, 0, quantized[index]);
      }
    }
  }
}

// count pixels of 3 bytes from three planes. Each is put together in a word, whose fourth byte the next pixel covers.
static void quantize_triples(const float *source, ptrdiff_t stride_c, int32_t count, uint8_t *destination,
                             const nn_boundary *boundary) {
  int32_t first[RUN], second[RUN], third[RUN];
  for (int32_t begin = 0; begin < count; begin += RUN, destination += RUN * 3) {
    int32_t length = nn_min(RUN, count - begin);
    quantize_run(source + begin, 1, length, boundary, first);
    quantize_run(source + begin + stride_c, 1, length, boundary, second);
    quantize_run(source + begin + 2 * stride_c, 1, length, boundary, third);
    for (int32_t index = 0; index < length; index++) {
      first[index] |= second[index] << 8 | third[index] << 16;
    }
    for (int32_t index = 0; index < length - 1; index++) {
      memcpy(destination + index * 3, first + index, 4);
    }
    memcpy(destination + (length - 1) * 3, first + length - 1, 3);
  }
}

// Runs go along the axis that is contiguous at the source.
void nn_quantize_f32(const float *source, ptrdiff_t stride_h, ptrdiff_t stride_w, ptrdiff_t stride_c, uint8_t *arena,
                     const nn_view *view, int32_t image, const nn_boundary *boundary) {
  int32_t pixel_bytes = view->channels * view->element_bytes;
  int is_one_run = stride_c == 1 && stride_w == view->channels && view->pixel_stride == pixel_bytes;
  for (int32_t i = 0; i < view->height; i++) {
    const float *row = source + i * stride_h;
    uint8_t *pixels = nn_pixel(arena, view, image * view->height + i, 0);
    if (is_one_run) {
      quantize_elements(row, 1, view->width * view->channels, pixels, view->element_bytes, view, boundary);
    } else if (stride_c == 1) {
      for (int32_t j = 0; j < view->width; j++) {
        uint8_t *pixel = pixels + (ptrdiff_t)j * view->pixel_stride;
        quantize_elements(row + j * stride_w, 1, view->channels, pixel, view->element_bytes, view, boundary);
      }
    } else if (pixel_bytes == 3 && stride_w == 1) {
      quantize_triples(row, stride_c, view->width, pixels, boundary);
    } else {
      for (int32_t channel = 0; channel < view->channels; channel++) {
        uint8_t *first = pixels + channel * view->element_bytes;
        quantize_elements(row + channel * stride_c, stride_w, view->width, first, view->pixel_stride, view, boundary);
      }
    }
  }
}

// Equation (12).
void nn_dequantize_f32(const uint8_t *arena, const nn_view *view, int32_t image, float *destination, ptrdiff_t stride_h,
                       ptrdiff_t stride_w, ptrdiff_t stride_c, const nn_boundary *boundary) {
  for (int32_t i = 0; i < view->height; i++) {
    for (int32_t j = 0; j < view->width; j++) {
      size_t index = (size_t)(image * view->height + i) * (size_t)view->width + (size_t)j;
      const uint8_t *pixel = arena + view->offset + index * (size_t)view->pixel_stride;
      float *values = destination + i * stride_h + j * stride_w;
      for (int32_t channel = 0; channel < view->channels; channel++) {
        int32_t q = nn_load_element(pixel, view, channel);
        values[channel * stride_c] = boundary->scale * (float)(q - boundary->zero_point);
      }
    }
  }
}
