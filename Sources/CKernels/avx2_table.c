// table: bytes by lookups in 16 entries, words by gathers.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"
#include "table.h"

NN_AVX2_INLINE __m256i load(const uint8_t *source) { return _mm256_loadu_si256((const __m256i *)(const void *)source); }
NN_AVX2_INLINE void store(uint8_t *destination, __m256i value) { _mm256_storeu_si256((__m256i *)(void *)destination, value); }

// ---- u8 input ------------------------------------------------------------------------------------------------------

// 32 elements: the low four bits choose in each of 16 parts of the table, then bit after bit halves the parts.
NN_AVX2_INLINE __m256i look_up(const __m256i parts[16], __m256i x) {
  __m256i low = _mm256_and_si256(x, _mm256_set1_epi8(15)), y[16];
  for (int n = 0; n < 16; n++) {
    y[n] = _mm256_shuffle_epi8(parts[n], low);
  }
  for (int count = 8, bit = 4; count > 0; count /= 2, bit++) {
    __m256i chosen = _mm256_sll_epi16(x, _mm_cvtsi32_si128(7 - bit));
    for (int n = 0; n < count; n++) {
      y[n] = _mm256_blendv_epi8(y[2 * n], y[2 * n + 1], chosen);
    }
  }
  return y[0];
}

NN_AVX2_INLINE __m256i load_part(const uint8_t *table) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

NN_AVX2_INLINE void look_up_bytes(const uint8_t *table, const uint8_t *input, uint8_t *output, size_t length) {
  __m256i parts[16];
  for (int n = 0; n < 16; n++) {
    parts[n] = load_part(table + n * 16);
  }
  for (; length >= 32; length -= 32, input += 32, output += 32) {
    store(output, look_up(parts, load(input)));
  }
  uint8_t last[32] = {0};
  memcpy(last, input, length);
  store(last, look_up(parts, load(last)));
  memcpy(output, last, length);
}

// The low and the high bytes of 16 words, each in both halves.
NN_AVX2_INLINE void load_planes(const int16_t *table, __m256i *low, __m256i *high) {
  const __m128i evens_then_odds = _mm_setr_epi8(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
  __m128i a = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)table), evens_then_odds);
  __m128i b = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(table + 8)), evens_then_odds);
  *low = _mm256_broadcastsi128_si256(_mm_unpacklo_epi64(a, b));
  *high = _mm256_broadcastsi128_si256(_mm_unpackhi_epi64(a, b));
}

NN_AVX2_INLINE void look_up_32_words(const __m256i low[16], const __m256i high[16], const uint8_t *input, uint8_t *output) {
  __m256i x = load(input), y_low = look_up(low, x), y_high = look_up(high, x);
  __m256i first = _mm256_unpacklo_epi8(y_low, y_high), second = _mm256_unpackhi_epi8(y_low, y_high);
  store(output, _mm256_permute2x128_si256(first, second, 0x20));
  store(output + 32, _mm256_permute2x128_si256(first, second, 0x31));
}

NN_AVX2_INLINE void look_up_words(const int16_t *table, const uint8_t *input, uint8_t *output, size_t length) {
  __m256i low[16], high[16];
  for (int n = 0; n < 16; n++) {
    load_planes(table + n * 16, &low[n], &high[n]);
  }
  for (; length >= 32; length -= 32, input += 32, output += 64) {
    look_up_32_words(low, high, input, output);
  }
  uint8_t last[32] = {0}, words[64];
  memcpy(last, input, length);
  look_up_32_words(low, high, last, words);
  memcpy(output, words, 2 * length);
}

// ---- s16 input -----------------------------------------------------------------------------------------------------

// 8 elements. One gathered dword holds T[i] and T[i + 1], which are weighed in one instruction.
NN_AVX2_INLINE __m256i interpolate(const nn_table *table, __m128i words, __m256i first) {
  __m256i place = _mm256_add_epi32(_mm256_cvtepi16_epi32(words), _mm256_set1_epi32(32768));
  __m256i i = _mm256_add_epi32(_mm256_srli_epi32(place, 7), first), f = _mm256_and_si256(place, _mm256_set1_epi32(127));
  __m256i pairs = _mm256_i32gather_epi32((const int *)table->entries, i, 2);
  __m256i weights = _mm256_or_si256(_mm256_sub_epi32(_mm256_set1_epi32(128), f), _mm256_slli_epi32(f, 16));
  __m256i sum = _mm256_add_epi32(_mm256_madd_epi16(pairs, weights), _mm256_set1_epi32(1 << (table->shift - 1)));
  return _mm256_sra_epi32(sum, _mm_cvtsi32_si128(table->shift));
}

// The lowest bytes are the result: 8 of u8, 16 of s16. Words saturate only where bytes do, or not at all.
NN_AVX2_INLINE __m128i narrow(__m256i y, int32_t element_bytes) {
  __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(y), _mm256_extracti128_si256(y, 1));
  return element_bytes == 2 ? words : _mm_packus_epi16(words, words);
}

NN_AVX2_INLINE void interpolate_stretch(const nn_step *step, const uint8_t *input, uint8_t *output, size_t length) {
  const nn_table *table = &step->u.table;
  int32_t element_bytes = step->output.element_bytes, stride = table->channel_stride;
  __m256i first = _mm256_mullo_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(stride));
  for (; length >= 8; length -= 8, input += 16, output += 8 * element_bytes) {
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)input);
    nn_store_bytes(output, narrow(interpolate(table, x, first), element_bytes), 8 * element_bytes);
    first = _mm256_add_epi32(first, _mm256_set1_epi32(8 * stride));
  }
  if (length > 0) {
    // Elements that are not there look up entry 0 of an existing table.
    __m256i exists = _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)length), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m128i x = nn_load_bytes(input, 2 * (int32_t)length);
    __m256i y = interpolate(table, x, _mm256_and_si256(first, exists));
    nn_store_bytes(output, narrow(y, element_bytes), (int32_t)length * element_bytes);
  }
}

NN_AVX2 void nn_table_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  (void)scratch;
  int is_narrow = step->input.element_bytes == 1;
  if (is_narrow && step->u.table.channel_stride != 0) {
    nn_table_by_channel(step, arena, range);
    return;
  }
  nn_stretches stretches = nn_table_stretches(step, arena, range);
  for (size_t n = 0; n < stretches.count; n++) {
    const uint8_t *input = stretches.input + n * stretches.input_stride;
    uint8_t *output = stretches.output + n * stretches.output_stride;
    if (!is_narrow) {
      interpolate_stretch(step, input, output, stretches.length);
    } else if (step->output.element_bytes == 1) {
      look_up_bytes(step->u.table.entries, input, output, stretches.length);
    } else {
      look_up_words(step->u.table.entries, input, output, stretches.length);
    }
  }
}

#endif
