// Sums, largest and smallest elements over whole axes. The loops over channels are plain; the compiler makes vectors of them.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"
#include "reduce.h"

// x joins what is known of the elements seen so far.
#define SUM(known, x) ((known) + (x))
#define LARGEST(known, x) ((x) > (known) ? (x) : (known))
#define SMALLEST(known, x) ((x) < (known) ? (x) : (known))

// Each channel of a pixel for itself, and all of them together.
#define CHANNEL_LOOPS(name, element, total, join)                                                    \
  NN_AVX2_INLINE void name##_each(total *known, const element *pixel, int32_t count) {               \
    for (int32_t channel = 0; channel < count; channel++) {                                          \
      known[channel] = (total)join(known[channel], pixel[channel]);                                  \
    }                                                                                                \
  }                                                                                                  \
  NN_AVX2_INLINE total name##_all(total known, const element *pixel, int32_t count) {                \
    for (int32_t channel = 0; channel < count; channel++) {                                          \
      known = (total)join(known, pixel[channel]);                                                    \
    }                                                                                                \
    return known;                                                                                    \
  }

CHANNEL_LOOPS(sum_bytes, uint8_t, int64_t, SUM)
CHANNEL_LOOPS(sum_words, int16_t, int64_t, SUM)
CHANNEL_LOOPS(largest_bytes, uint8_t, int16_t, LARGEST)
CHANNEL_LOOPS(largest_words, int16_t, int16_t, LARGEST)
CHANNEL_LOOPS(smallest_bytes, uint8_t, int16_t, SMALLEST)
CHANNEL_LOOPS(smallest_words, int16_t, int16_t, SMALLEST)

// Of one channel, or of each: which of the two counts, the kind of the reduction tells.
typedef struct nn_totals {
  int64_t *sums;
  int16_t *extremes;
} nn_totals;

#define SEE(name, known, pixel)                                               \
  (keeps_channels ? name##_each(known, pixel, count) : (void)(*(known) = name##_all(*(known), pixel, count)))

NN_AVX2_INLINE void see_pixel(const nn_step *step, const uint8_t *bytes, int keeps_channels, nn_totals totals) {
  int32_t count = step->input.channels, is_narrow = step->input.element_bytes == 1;
  const int16_t *words = (const int16_t *)(const void *)bytes;
  switch (step->u.reduce.kind) {
  case NN_REDUCE_MAX:
    is_narrow ? SEE(largest_bytes, totals.extremes, bytes) : SEE(largest_words, totals.extremes, words);
    return;
  case NN_REDUCE_MIN:
    is_narrow ? SEE(smallest_bytes, totals.extremes, bytes) : SEE(smallest_words, totals.extremes, words);
    return;
  default:
    is_narrow ? SEE(sum_bytes, totals.sums, bytes) : SEE(sum_words, totals.sums, words);
  }
}

// The pixels that make one of the output.
NN_AVX2_INLINE void see_box(const nn_step *step, uint8_t *arena, size_t first, int keeps_channels, nn_totals totals) {
  const nn_reduce *reduce = &step->u.reduce;
  for (int32_t channel = 0; channel < step->output.channels; channel++) {
    totals.sums[channel] = 0;
    totals.extremes[channel] = reduce->kind == NN_REDUCE_MAX ? INT16_MIN : INT16_MAX;
  }
  for (int32_t index = 0; index < nn_reduced_count(reduce); index++) {
    size_t pixel = first + nn_box_pixel(reduce->reduced_extent, reduce->reduced_step, index);
    see_pixel(step, nn_pixel_number(arena, &step->input, pixel), keeps_channels, totals);
  }
}

NN_AVX2 void nn_reduce_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  const nn_reduce *reduce = &step->u.reduce;
  int keeps_channels = step->input.channels == step->output.channels;
  nn_totals totals = {(int64_t *)(void *)scratch, 0};
  totals.extremes = (int16_t *)(totals.sums + step->output.channels);
  int64_t count = (int64_t)nn_reduced_count(reduce) * (keeps_channels ? 1 : step->input.channels);
  for (int32_t pixel = range.row_begin * step->output.width; pixel < range.row_end * step->output.width; pixel++) {
    see_box(step, arena, nn_box_pixel(reduce->kept_extent, reduce->kept_step, pixel), keeps_channels, totals);
    uint8_t *output = nn_pixel_number(arena, &step->output, (size_t)pixel);
    for (int32_t channel = 0; channel < step->output.channels; channel++) {
      int32_t value = reduce->kind == NN_REDUCE_SUM
                        ? nn_requantize_total(step, totals.sums[channel] - count * step->input.zero_point)
                        : totals.extremes[channel];
      nn_store_element(output, &step->output, channel, value);
    }
  }
}

#endif
