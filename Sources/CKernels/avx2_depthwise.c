// Depthwise convolution: 32 slots (channels, or channels of adjacent pixels) at a time, half a block. Rows 0 and 2 and
// rows 1 and 3 of a column are interleaved as words, which vpmaddwd multiplies with the even and the odd weights.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"
#include "depthwise.h"

enum { HALF = NN_DEPTHWISE_BLOCK / 2, OUTPUT_ROWS = 2 };

// The sums of a half block: vector q, lane l holds slots 16 l + 4 q ... + 3. Only constant indices are used.
typedef struct nn_depthwise_sums {
  __m256i of[OUTPUT_ROWS][4];
} nn_depthwise_sums;

// A column of 4 rows, 32 slots, in slot order.
typedef struct nn_column {
  nn_words vector[4];
} nn_column;

NN_AVX2_INLINE __m256i load_half(const uint8_t *source) { return _mm256_loadu_si256((const __m256i *)(const void *)source); }

// Bytes first...end - 1 of 32; the zero point for the others.
NN_AVX2 static __m256i load_part(const uint8_t *source, int32_t first, int32_t end, int32_t zero_point) {
  uint8_t bytes[HALF];
  memset(bytes, zero_point, sizeof bytes);
  memcpy(bytes + first, source + first, (size_t)(end - first));
  return load_half(bytes);
}

NN_AVX2_INLINE void interleave(__m256i even, __m256i odd, nn_column *column, const int q) {
  const __m256i zero = _mm256_setzero_si256();
  column->vector[q] = (nn_words){_mm256_unpacklo_epi8(even, zero), _mm256_unpacklo_epi8(odd, zero)};
  column->vector[q + 1] = (nn_words){_mm256_unpackhi_epi8(even, zero), _mm256_unpackhi_epi8(odd, zero)};
}

// Input column x of 4 rows from slot `half` on; the zero point where it does not exist.
NN_AVX2_INLINE nn_column load_column(const nn_band *band, int32_t group, int32_t x, int32_t half) {
  const nn_view *input = &band->step->input;
  int32_t channels = band->target.channel_count;
  int32_t first = nn_clamp(nn_max(-x, 0) * channels - half, 0, HALF);
  int32_t end = nn_clamp(nn_min(input->width - x, band->fold) * channels - half, 0, HALF);
  ptrdiff_t offset = (ptrdiff_t)x * input->pixel_stride + half;
  __m256i row[4];
  for (int n = 0; n < 4; n++) {
    const uint8_t *source = band->rows[4 * group + n] + offset;
    row[n] = first == 0 && end == HALF ? load_half(source)
             : first >= end            ? _mm256_set1_epi8((int8_t)input->zero_point)
                                       : load_part(source, first, end, input->zero_point);
  }
  nn_column column;
  interleave(_mm256_unpacklo_epi8(row[0], row[2]), _mm256_unpacklo_epi8(row[1], row[3]), &column, 0);
  interleave(_mm256_unpackhi_epi8(row[0], row[2]), _mm256_unpackhi_epi8(row[1], row[3]), &column, 2);
  return column;
}

NN_AVX2_INLINE void sum_column(const nn_band *band, nn_depthwise_sums *sums, int32_t j, int32_t half, const int output_rows) {
  const nn_conv *conv = &band->step->u.conv;
  size_t phase_bytes = nn_depthwise_phase_bytes(conv->kernel_height, conv->kernel_width);
  int32_t stored_groups = nn_depthwise_groups(conv->kernel_height);
  int32_t x = j * conv->stride_width - conv->pad_left;
  for (int32_t tap = 0; tap < conv->kernel_width; tap++, x += conv->dilation_width) {
    for (int32_t group = 0; group < band->groups; group++) {
      nn_column column = load_column(band, group, x, half);
      const int8_t *weights = band->weights + (size_t)(tap * stored_groups + group) * NN_DEPTHWISE_GROUP_BYTES + half;
#pragma clang loop unroll(full)
      for (int n = 0; n < output_rows * 4; n++) {
        const int p = n / 4, q = n % 4;
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(weights + (size_t)p * phase_bytes + q * 64));
        sums->of[p][q] = nn_add_products(sums->of[p][q], column.vector[q], nn_words_of_s8(bytes));
      }
    }
  }
}

// To a u8 output without residual: the sums leave the packing in the order of memory.
NN_AVX2_INLINE void store_plain(const nn_band *band, const __m256i sums[4], int32_t half, uint8_t *output, int32_t byte_count) {
  const nn_epilogue *epilogue = band->target.epilogue;
  __m256i zero_point = _mm256_set1_epi16((int16_t)band->target.zero_point);
  __m256i words[2];
#pragma clang loop unroll(full)
  for (int n = 0; n < 2; n++) {
    const int32_t *shift = band->slots->shift + n * 32 + half / 4;
    const int16_t *multiplier = band->slots->multiplier + n * 32 + half / 2;
    nn_pair pair = {{nn_load_s32(shift), nn_load_s32(shift + 16)}, load_half((const uint8_t *)multiplier)};
    words[n] = nn_requantize_pair(pair, zero_point, sums[2 * n], sums[2 * n + 1]);
  }
  __m256i q = nn_clamp_u8(_mm256_packus_epi16(words[0], words[1]), epilogue->lo, epilogue->hi);
  nn_store_bytes(output, _mm256_castsi256_si128(q), byte_count);
  if (byte_count > 16) {
    nn_store_bytes(output + 16, _mm256_extracti128_si256(q, 1), byte_count - 16);
  }
}

// The channels of one pixel to any output: lanes back in the order of channels.
NN_AVX2 static void store_any(const nn_target *target, int32_t half, const __m256i sums[4]) {
  nn_store_sums_avx2(target, half, _mm256_permute2x128_si256(sums[0], sums[1], 0x20),
                     _mm256_permute2x128_si256(sums[2], sums[3], 0x20));
  if (target->channel_count > half + 16) {
    nn_store_sums_avx2(target, half + 16, _mm256_permute2x128_si256(sums[0], sums[1], 0x31),
                       _mm256_permute2x128_si256(sums[2], sums[3], 0x31));
  }
}

NN_AVX2_INLINE void run_half(const nn_band *band, int32_t j, int32_t half, const int output_rows) {
  int32_t width = band->step->output.width;
  int32_t byte_count = nn_min(band->fold, width - j) * band->target.channel_count - half;
  if (byte_count <= 0) {
    return;
  }
  nn_depthwise_sums sums;
#pragma clang loop unroll(full)
  for (int n = 0; n < output_rows * 4; n++) {
    sums.of[n / 4][n % 4] = nn_load_s32(band->slots->bias + n % 4 * 16 + half / 4);
  }
  sum_column(band, &sums, j, half, output_rows);
#pragma clang loop unroll(full)
  for (int p = 0; p < output_rows; p++) {
    nn_target target = band->target;
    nn_target_advance(&target, (size_t)(p * width + j));
    if (nn_target_is_plain(&target)) {
      store_plain(band, sums.of[p], half, target.output + half, byte_count);
    } else {
      store_any(&target, half, sums.of[p]);
    }
  }
}

NN_AVX2 static void run_band(const nn_band *band) {
  for (int32_t j = 0; j < band->step->output.width; j += band->fold) {
    for (int32_t half = 0; half < NN_DEPTHWISE_BLOCK; half += HALF) {
      if (band->output_rows == 2) {
        run_half(band, j, half, 2);
      } else {
        run_half(band, j, half, 1);
      }
    }
  }
}

void nn_depthwise_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_depthwise(run_band, step, arena, scratch, range);
}

#endif
