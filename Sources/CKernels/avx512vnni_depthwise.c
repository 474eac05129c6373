// Depthwise convolution: 64 slots (channels, or channels of adjacent pixels) at a time. Four input rows of a column are
// interleaved to 4 bytes a slot, which vpdpbusd multiplies with 4 weights; a column serves every output under it.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"
#include "depthwise.h"

enum { COLUMNS_MAX = 2, ROWS_MAX = 2 };

// The sums of some outputs: for each, 4 vectors of slots. Only constant indices are used: all stays in registers.
typedef struct nn_depthwise_sums {
  __m512i of[ROWS_MAX][COLUMNS_MAX][4];
} nn_depthwise_sums;

// Which of the 64 bytes from input column x on exist: the channels of the pixels that lie in the row.
NN_AVX512VNNI_INLINE __mmask64 existing(const nn_band *band, int32_t x) {
  int32_t first = nn_max(-x, 0), end = nn_min(band->step->input.width - x, band->fold);
  int32_t channels = band->target.channel_count;
  return first >= end ? 0 : nn_mask64(end * channels) & ~nn_mask64(first * channels);
}

// Bytes of 4 rows side by side, in the slot order of nn_slots.
NN_AVX512VNNI_INLINE void interleave(const __m512i row[4], __m512i column[4]) {
  __m512i low01 = _mm512_unpacklo_epi8(row[0], row[1]), high01 = _mm512_unpackhi_epi8(row[0], row[1]);
  __m512i low23 = _mm512_unpacklo_epi8(row[2], row[3]), high23 = _mm512_unpackhi_epi8(row[2], row[3]);
  column[0] = _mm512_unpacklo_epi16(low01, low23);
  column[1] = _mm512_unpackhi_epi16(low01, low23);
  column[2] = _mm512_unpacklo_epi16(high01, high23);
  column[3] = _mm512_unpackhi_epi16(high01, high23);
}

// Input column x of 4 rows; the zero point where it does not exist.
NN_AVX512VNNI_INLINE void load_column(const nn_band *band, int32_t group, int32_t x, __m512i column[4]) {
  const nn_view *input = &band->step->input;
  __m512i outside = _mm512_set1_epi8((int8_t)input->zero_point);
  __mmask64 mask = existing(band, x);
  ptrdiff_t offset = (ptrdiff_t)x * input->pixel_stride;
  const uint8_t **rows = band->rows + 4 * group;
  if (mask == ~(__mmask64)0) {
    __m512i row[4] = {_mm512_loadu_si512(rows[0] + offset), _mm512_loadu_si512(rows[1] + offset),
                      _mm512_loadu_si512(rows[2] + offset), _mm512_loadu_si512(rows[3] + offset)};
    interleave(row, column);
  } else if (mask == 0) {
    column[0] = column[1] = column[2] = column[3] = outside;
  } else {
    __m512i row[4] = {
      _mm512_mask_loadu_epi8(outside, mask, rows[0] + offset), _mm512_mask_loadu_epi8(outside, mask, rows[1] + offset),
      _mm512_mask_loadu_epi8(outside, mask, rows[2] + offset), _mm512_mask_loadu_epi8(outside, mask, rows[3] + offset)};
    interleave(row, column);
  }
}

// Adds a column times its weights to one output column of all output rows.
NN_AVX512VNNI_INLINE void accumulate(nn_depthwise_sums *sums, const int output_rows, const int o, const __m512i column[4],
                                     const int8_t *weights, size_t phase_bytes) {
#pragma clang loop unroll(full)
  for (int p = 0; p < output_rows; p++) {
#pragma clang loop unroll(full)
    for (int q = 0; q < 4; q++) {
      __m512i weight = _mm512_loadu_si512(weights + (size_t)p * phase_bytes + q * 64);
      sums->of[p][o][q] = _mm512_dpbusd_epi32(sums->of[p][o][q], column[q], weight);
    }
  }
}

NN_AVX512VNNI_INLINE void start(const nn_band *band, nn_depthwise_sums *sums, const int output_rows, const int columns) {
#pragma clang loop unroll(full)
  for (int n = 0; n < output_rows * columns * 4; n++) {
    sums->of[n / (columns * 4)][n / 4 % columns][n % 4] = _mm512_load_si512(band->slots->bias + n % 4 * 16);
  }
}

// Output columns j, j + fold, ... of a kernel known in advance. distance: input columns from one to the next of them.
NN_AVX512VNNI_INLINE void sum_fixed(const nn_band *band, nn_depthwise_sums *sums, int32_t j, const int r, const int s, const int distance,
                                    const int output_rows, const int columns) {
  const int groups = (r + output_rows + 2) / 4;
  const size_t phase_bytes = nn_depthwise_phase_bytes(r, s);
  int32_t x = j * band->step->u.conv.stride_width - band->step->u.conv.pad_left;
#pragma clang loop unroll(full)
  for (int c = 0; c < (columns - 1) * distance + s; c++) {
#pragma clang loop unroll(full)
    for (int group = 0; group < groups; group++) {
      __m512i column[4];
      load_column(band, group, x + c, column);
#pragma clang loop unroll(full)
      for (int o = 0; o < columns; o++) {
        const int tap = c - o * distance;
        if (tap >= 0 && tap < s) {
          size_t index = (size_t)(tap * nn_depthwise_groups(r) + group) * NN_DEPTHWISE_GROUP_BYTES;
          accumulate(sums, output_rows, o, column, band->weights + index, phase_bytes);
        }
      }
    }
  }
}

// One output column of any kernel.
NN_AVX512VNNI_INLINE void sum_any(const nn_band *band, nn_depthwise_sums *sums, int32_t j, const int output_rows) {
  const nn_conv *conv = &band->step->u.conv;
  size_t phase_bytes = nn_depthwise_phase_bytes(conv->kernel_height, conv->kernel_width);
  int32_t stored_groups = nn_depthwise_groups(conv->kernel_height);
  int32_t x = j * conv->stride_width - conv->pad_left;
  for (int32_t tap = 0; tap < conv->kernel_width; tap++, x += conv->dilation_width) {
    for (int32_t group = 0; group < band->groups; group++) {
      __m512i column[4];
      load_column(band, group, x, column);
      size_t index = (size_t)(tap * stored_groups + group) * NN_DEPTHWISE_GROUP_BYTES;
      accumulate(sums, output_rows, 0, column, band->weights + index, phase_bytes);
    }
  }
}

// Sums of 64 slots in lane order to a u8 output without residual; they leave the packing in the order of memory.
NN_AVX512VNNI_INLINE void store_plain(const nn_band *band, const __m512i sums[4], uint8_t *output, int32_t byte_count) {
  const nn_slots *slots = band->slots;
  __m512i zero_point = _mm512_set1_epi16((int16_t)band->target.zero_point);
  __m512i half[2];
#pragma clang loop unroll(full)
  for (int n = 0; n < 2; n++) {
    nn_pair pair = nn_load_pair(slots->shift + n * 32, slots->multiplier + n * 32, 16);
    half[n] = nn_requantize_pair(pair, zero_point, sums[2 * n], sums[2 * n + 1]);
  }
  __m512i q = _mm512_packus_epi16(half[0], half[1]);
  q = _mm512_max_epu8(q, _mm512_set1_epi8((int8_t)band->target.epilogue->lo));
  q = _mm512_min_epu8(q, _mm512_set1_epi8((int8_t)band->target.epilogue->hi));
  if (byte_count >= NN_DEPTHWISE_BLOCK) {
    _mm512_storeu_si512(output, q);
  } else {
    _mm512_mask_storeu_epi8(output, nn_mask64(byte_count), q);
  }
}

// Sums of the channels of one pixel to any output: back from lane order to channel order, by transposing 4 x 4 lanes.
NN_AVX512VNNI static void store_any(const nn_target *target, const __m512i sums[4]) {
  __m512i a = _mm512_shuffle_i32x4(sums[0], sums[1], 0x44), b = _mm512_shuffle_i32x4(sums[2], sums[3], 0x44);
  __m512i c = _mm512_shuffle_i32x4(sums[0], sums[1], 0xEE), d = _mm512_shuffle_i32x4(sums[2], sums[3], 0xEE);
  __m512i ordered[4] = {_mm512_shuffle_i32x4(a, b, 0x88), _mm512_shuffle_i32x4(a, b, 0xDD),
                        _mm512_shuffle_i32x4(c, d, 0x88), _mm512_shuffle_i32x4(c, d, 0xDD)};
  nn_store_sums_avx512vnni(target, ordered, 1, nn_ceil_div(target->channel_count, NN_PANEL));
}

NN_AVX512VNNI_INLINE void store(const nn_band *band, const nn_depthwise_sums *sums, int32_t j, const int output_rows, const int columns) {
  int32_t width = band->step->output.width;
#pragma clang loop unroll(full)
  for (int n = 0; n < output_rows * columns; n++) {
    const int p = n / columns, o = n % columns;
    int32_t column = j + o * band->fold;
    nn_target target = band->target;
    nn_target_advance(&target, (size_t)(p * width + column));
    if (nn_target_is_plain(&target)) {
      int32_t pixels = nn_min(band->fold, width - column);
      store_plain(band, sums->of[p][o], target.output, pixels * target.channel_count);
    } else {
      store_any(&target, sums->of[p][o]);
    }
  }
}

#define COMPUTE(columns, output_rows, ...)         \
  do {                                             \
    nn_depthwise_sums sums;                        \
    start(band, &sums, output_rows, columns);      \
    __VA_ARGS__;                                   \
    store(band, &sums, j, output_rows, columns);   \
    j += (columns) * band->fold;                   \
  } while (0)

NN_AVX512VNNI_INLINE void run_fixed(const nn_band *band, const int r, const int s, const int distance, const int output_rows) {
  int32_t width = band->step->output.width;
  int32_t j = 0;
  while (j + band->fold < width) {
    COMPUTE(2, output_rows, sum_fixed(band, &sums, j, r, s, distance, output_rows, 2));
  }
  if (j < width) {
    COMPUTE(1, output_rows, sum_fixed(band, &sums, j, r, s, distance, output_rows, 1));
  }
}

NN_AVX512VNNI_INLINE void run_any(const nn_band *band, const int output_rows) {
  for (int32_t j = 0; j < band->step->output.width;) {
    COMPUTE(1, output_rows, sum_any(band, &sums, j, output_rows));
  }
}

#define FIXED(r, s, distance)                                                          \
  NN_AVX512VNNI static void band_##r##x##s##_##distance(const nn_band *band) {         \
    if (band->output_rows == 2) {                                                      \
      run_fixed(band, r, s, distance, 2);                                              \
    } else {                                                                           \
      run_fixed(band, r, s, distance, 1);                                              \
    }                                                                                  \
  }

FIXED(3, 3, 1) FIXED(3, 3, 2) FIXED(3, 3, 4) FIXED(5, 5, 1) FIXED(5, 5, 2) FIXED(5, 5, 4)

NN_AVX512VNNI static void band_any(const nn_band *band) {
  if (band->output_rows == 2) {
    run_any(band, 2);
  } else {
    run_any(band, 1);
  }
}

static nn_band_kernel choose(const nn_step *step) {
  const nn_conv *conv = &step->u.conv;
  int32_t r = conv->kernel_height, s = conv->kernel_width;
  int32_t distance = nn_depthwise_fold(step) * conv->stride_width;
  if (r != s || conv->dilation_width != 1) {
    return band_any;
  }
  switch (r * 10 + distance) {
  case 31:
    return band_3x3_1;
  case 32:
    return band_3x3_2;
  case 34:
    return band_3x3_4;
  case 51:
    return band_5x5_1;
  case 52:
    return band_5x5_2;
  case 54:
    return band_5x5_4;
  default:
    return band_any;
  }
}

void nn_depthwise_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_depthwise(choose(step), step, arena, scratch, range);
}

#endif
