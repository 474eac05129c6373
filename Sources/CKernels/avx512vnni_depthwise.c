// Depthwise convolution: 64 slots (channels, or channels of adjacent pixels) at a time. Four input rows of a column are
// interleaved to 4 bytes a slot, which vpdpbusd multiplies with 4 weights; a column serves every output under it.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"
#include "depthwise.h"

enum { COLUMNS_MAX = 2, ROWS_MAX = 2, TAPS_MAX = 5, DISTANCE_MAX = 2 };

// No load moves across: the compiler would otherwise take all columns first and run out of registers.
#define KEEP_ORDER __asm__ volatile("" ::: "memory")

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

// Input column x of 4 rows; the zero point where it does not exist. is_inner: all of it does. Only the first `live` rows
// have weights other than 0; to repeat them for the others saves loads and half of the unpacking.
NN_AVX512VNNI_INLINE void load_column(const nn_band *band, const uint8_t *const rows[4], const int live, int32_t x,
                                      const int is_inner, __m512i column[4]) {
  const nn_view *input = &band->step->input;
  ptrdiff_t offset = (ptrdiff_t)x * input->pixel_stride;
  __mmask64 mask = is_inner ? ~(__mmask64)0 : existing(band, x);
  __m512i outside = _mm512_set1_epi8((int8_t)input->zero_point);
  if (mask == 0) {
    column[0] = column[1] = column[2] = column[3] = outside;
    return;
  }
  __m512i row[4];
#pragma clang loop unroll(full)
  for (int n = 0; n < 4; n++) {
    const uint8_t *source = rows[n % live] + offset;
    row[n] = is_inner ? _mm512_loadu_si512(source) : _mm512_mask_loadu_epi8(outside, mask, source);
  }
  interleave(row, column);
}

NN_AVX512VNNI_INLINE void start(const nn_band *band, nn_depthwise_sums *sums, const int output_rows, const int columns) {
#pragma clang loop unroll(full)
  for (int n = 0; n < output_rows * columns * 4; n++) {
    sums->of[n / (columns * 4)][n / 4 % columns][n % 4] = _mm512_load_si512(band->slots->bias + n % 4 * 16);
  }
}

// Adds one input column for each output column, all times the same weights: those of a tap and group.
NN_AVX512VNNI_INLINE void accumulate(nn_depthwise_sums *sums, const int output_rows, const int columns,
                                     __m512i *const column[], const int8_t *weights, size_t phase_bytes) {
#pragma clang loop unroll(full)
  for (int n = 0; n < output_rows * 4; n++) {
    const int p = n / 4, q = n % 4;
    __m512i weight = _mm512_loadu_si512(weights + (size_t)p * phase_bytes + q * 64);
#pragma clang loop unroll(full)
    for (int o = 0; o < columns; o++) {
      sums->of[p][o][q] = _mm512_dpbusd_epi32(sums->of[p][o][q], column[o][q], weight);
    }
  }
}

// Output columns j and j + fold, all of whose input exists, of a kernel known in advance. distance: input columns from one
// to the other; those under both are interleaved once.
NN_AVX512VNNI_INLINE void sum_fixed(const nn_band *band, nn_depthwise_sums *sums, int32_t j, const int r, const int s,
                                    const int distance, const int output_rows) {
  const int groups = (r + output_rows + 2) / 4;
  int32_t x = j * band->step->u.conv.stride_width - band->step->u.conv.pad_left;
#pragma clang loop unroll(full)
  for (int group = 0; group < groups; group++) {
    const uint8_t *const *rows = band->rows + 4 * group;
    const int live = nn_min(r + output_rows - 1 - 4 * group, 4);
    __m512i input[TAPS_MAX + DISTANCE_MAX][4];
#pragma clang loop unroll(full)
    for (int tap = 0; tap < s; tap++) {
      if (tap < distance) {
        load_column(band, rows, live, x + tap, 1, input[tap]);
      }
      load_column(band, rows, live, x + tap + distance, 1, input[tap + distance]);
      __m512i *const column[2] = {input[tap], input[tap + distance]};
      const int8_t *weights = band->weights + (size_t)(tap * nn_depthwise_groups(r) + group) * NN_DEPTHWISE_GROUP_BYTES;
      accumulate(sums, output_rows, 2, column, weights, nn_depthwise_phase_bytes(r, s));
      KEEP_ORDER;
    }
  }
}

// Output columns j and j + fold (if there are two) of any kernel, at the border or inside.
NN_AVX512VNNI_INLINE void sum_any(const nn_band *band, nn_depthwise_sums *sums, int32_t j, const int output_rows,
                                  const int columns) {
  const nn_conv *conv = &band->step->u.conv;
  size_t phase_bytes = nn_depthwise_phase_bytes(conv->kernel_height, conv->kernel_width);
  int32_t stored_groups = nn_depthwise_groups(conv->kernel_height);
  int32_t x = j * conv->stride_width - conv->pad_left, distance = band->fold * conv->stride_width;
  for (int32_t tap = 0; tap < conv->kernel_width; tap++, x += conv->dilation_width) {
    for (int32_t group = 0; group < band->groups; group++) {
      __m512i input[COLUMNS_MAX][4], *column[COLUMNS_MAX];
#pragma clang loop unroll(full)
      for (int o = 0; o < columns; o++) {
        column[o] = input[o];
        load_column(band, band->rows + 4 * group, 4, x + o * distance, 0, input[o]);
      }
      const int8_t *weights = band->weights + (size_t)(tap * stored_groups + group) * NN_DEPTHWISE_GROUP_BYTES;
      accumulate(sums, output_rows, columns, column, weights, phase_bytes);
    }
  }
}

// Sums in lane order to a u8 output without residual; they leave the packing in the order of memory.
NN_AVX512VNNI_INLINE void store_plain(const nn_band *band, const nn_depthwise_sums *sums, int32_t j, const int output_rows,
                                      const int columns) {
  const nn_slots *slots = band->slots;
  const nn_target *target = &band->target;
  __m512i zero_point = _mm512_set1_epi16((int16_t)target->zero_point);
  __m512i lo = _mm512_set1_epi8((int8_t)target->epilogue->lo), hi = _mm512_set1_epi8((int8_t)target->epilogue->hi);
  nn_pair pair[2];
#pragma clang loop unroll(full)
  for (int n = 0; n < 2; n++) {
    pair[n].shift[0] = _mm512_load_si512(slots->shift + n * 32);
    pair[n].shift[1] = _mm512_load_si512(slots->shift + n * 32 + 16);
    pair[n].multiplier = _mm512_load_si512(slots->multiplier + n * 32);
  }
  int32_t width = band->step->output.width;
#pragma clang loop unroll(full)
  for (int n = 0; n < output_rows * columns; n++) {
    const int p = n / columns, o = n % columns;
    const __m512i *sum = sums->of[p][o];
    __m512i q = _mm512_packus_epi16(nn_requantize_pair(pair[0], zero_point, sum[0], sum[1]),
                                    nn_requantize_pair(pair[1], zero_point, sum[2], sum[3]));
    q = _mm512_min_epu8(_mm512_max_epu8(q, lo), hi);
    int32_t column = j + o * band->fold;
    uint8_t *output = target->output + (size_t)(p * width + column) * target->output_stride;
    int32_t byte_count = nn_min(band->fold, width - column) * target->channel_count;
    if (byte_count >= NN_DEPTHWISE_BLOCK) {
      _mm512_storeu_si512(output, q);
    } else {
      _mm512_mask_storeu_epi8(output, nn_mask64(byte_count), q);
    }
  }
}

// The channels of one pixel to any output: back from lane order to channel order, by transposing 4 x 4 lanes.
NN_AVX512VNNI static void store_pixel(const nn_target *target, const __m512i sums[4]) {
  __m512i a = _mm512_shuffle_i32x4(sums[0], sums[1], 0x44), b = _mm512_shuffle_i32x4(sums[2], sums[3], 0x44);
  __m512i c = _mm512_shuffle_i32x4(sums[0], sums[1], 0xEE), d = _mm512_shuffle_i32x4(sums[2], sums[3], 0xEE);
  __m512i ordered[4] = {_mm512_shuffle_i32x4(a, b, 0x88), _mm512_shuffle_i32x4(a, b, 0xDD),
                        _mm512_shuffle_i32x4(c, d, 0x88), _mm512_shuffle_i32x4(c, d, 0xDD)};
  nn_store_sums_avx512vnni(target, ordered, 1, nn_ceil_div(target->channel_count, NN_PANEL));
}

NN_AVX512VNNI_INLINE void store(const nn_band *band, const nn_depthwise_sums *sums, int32_t j, const int output_rows,
                                const int columns) {
  if (nn_target_is_plain(&band->target)) {
    store_plain(band, sums, j, output_rows, columns);
    return;
  }
  nn_depthwise_sums spilled = *sums;
  for (int n = 0; n < output_rows * columns; n++) {
    nn_target target = band->target;
    nn_target_advance(&target, (size_t)(n / columns * band->step->output.width + j + n % columns * band->fold));
    store_pixel(&target, spilled.of[n / columns][n % columns]);
  }
}

NN_AVX512VNNI_INLINE void compute_any(const nn_band *band, int32_t j, const int output_rows, const int columns) {
  nn_depthwise_sums sums;
  start(band, &sums, output_rows, columns);
  sum_any(band, &sums, j, output_rows, columns);
  store(band, &sums, j, output_rows, columns);
}

// Two output columns, or the last one.
NN_AVX512VNNI static void compute_columns(const nn_band *band, int32_t j) {
  int has_two = j + band->fold < band->step->output.width;
  if (band->output_rows == 2) {
    if (has_two) {
      compute_any(band, j, 2, 2);
    } else {
      compute_any(band, j, 2, 1);
    }
  } else if (has_two) {
    compute_any(band, j, 1, 2);
  } else {
    compute_any(band, j, 1, 1);
  }
}

NN_AVX512VNNI static void run_any(const nn_band *band) {
  for (int32_t j = 0; j < band->step->output.width; j += 2 * band->fold) {
    compute_columns(band, j);
  }
}

// Pairs of columns inside by the kernel's own code, those at the border by the general one.
NN_AVX512VNNI_INLINE void run_fixed(const nn_band *band, const int r, const int s, const int distance, const int output_rows) {
  const nn_view *input = &band->step->input;
  int is_full = band->fold * band->target.channel_count == NN_DEPTHWISE_BLOCK;
  int32_t width = band->step->output.width;
  for (int32_t j = 0; j < width; j += 2 * band->fold) {
    int32_t x = j * band->step->u.conv.stride_width - band->step->u.conv.pad_left;
    if (is_full && j + band->fold < width && x >= 0 && x + distance + s - 1 + band->fold <= input->width) {
      nn_depthwise_sums sums;
      start(band, &sums, output_rows, 2);
      sum_fixed(band, &sums, j, r, s, distance, output_rows);
      store(band, &sums, j, output_rows, 2);
    } else {
      compute_columns(band, j);
    }
  }
}

#define FIXED(r, s, distance)                                                   \
  NN_AVX512VNNI static void run_##r##x##s##_##distance(const nn_band *band) {   \
    if (band->output_rows == 2) {                                               \
      run_fixed(band, r, s, distance, 2);                                       \
    } else {                                                                    \
      run_fixed(band, r, s, distance, 1);                                       \
    }                                                                           \
  }

FIXED(3, 3, 1) FIXED(3, 3, 2) FIXED(5, 5, 1) FIXED(5, 5, 2)

static nn_band_kernel choose(const nn_step *step) {
  const nn_conv *conv = &step->u.conv;
  int32_t size = conv->kernel_height == conv->kernel_width && conv->dilation_width == 1 ? conv->kernel_width : 0;
  int32_t distance = nn_depthwise_fold(step) * conv->stride_width;
  if (size == 3 && distance <= DISTANCE_MAX) {
    return distance == 1 ? run_3x3_1 : run_3x3_2;
  }
  if (size == 5 && distance <= DISTANCE_MAX) {
    return distance == 1 ? run_5x5_1 : run_5x5_2;
  }
  return run_any;
}

void nn_depthwise_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_depthwise(choose(step), step, arena, scratch, range);
}

#endif
