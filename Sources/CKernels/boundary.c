// Real numbers to integers and back: operators.md 4, the only floating point of a run.
#include "views.h"

#pragma STDC FP_CONTRACT OFF

// Round half to even for |x| <= 2^22: the sum lies where floats are integers, in the mode every run has.
static inline float round_half_to_even(float x) {
  const float integers_from_here = 12582912.0f;  // 1.5 * 2^23
  return (x + integers_from_here) - integers_from_here;
}

// Equation (11).
static inline int32_t quantize(float v, const nn_boundary *boundary) {
  const float limit = 1048576.0f;  // 2^20
  float scaled = v * boundary->inverse_scale;
  scaled = scaled < -limit ? -limit : scaled;
  scaled = scaled > limit ? limit : scaled;
  int32_t q = scaled == scaled ? (int32_t)round_half_to_even(scaled) : 0;
  return nn_clamp(q + boundary->zero_point, boundary->min, boundary->max);
}

// Elements that are quantised before they are stored: one loop of arithmetic alone, which compilers vectorise.
enum { RUN = 256 };

static void quantize_run(const float *source, ptrdiff_t stride, int32_t count, const nn_boundary *boundary, int32_t *quantized) {
  nn_boundary constant = *boundary;
  if (stride == 1) {
    for (int32_t index = 0; index < count; index++) {
      quantized[index] = quantize(source[index], &constant);
    }
    return;
  }
  for (int32_t index = 0; index < count; index++) {
    quantized[index] = quantize(source[index * stride], &constant);
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
