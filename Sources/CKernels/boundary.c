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

void nn_quantize_f32(const float *source, ptrdiff_t stride_h, ptrdiff_t stride_w, ptrdiff_t stride_c, uint8_t *arena,
                     const nn_view *view, int32_t image, const nn_boundary *boundary) {
  for (int32_t i = 0; i < view->height; i++) {
    for (int32_t j = 0; j < view->width; j++) {
      const float *values = source + i * stride_h + j * stride_w;
      uint8_t *pixel = nn_pixel(arena, view, image * view->height + i, j);
      for (int32_t channel = 0; channel < view->channels; channel++) {
        nn_store_element(pixel, view, channel, quantize(values[channel * stride_c], boundary));
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
