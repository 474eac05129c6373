// table: bytes by byte permutations, words by gathers.
#if defined(__x86_64__)

#include "avx2_kernels.h"
#include "avx512vnni.h"
#include "avx512vnni_kernels.h"
#include "table.h"

// ---- s16 input -----------------------------------------------------------------------------------------------------

// 16 elements. One gathered dword holds T[i] and T[i + 1], which are weighed in one instruction.
NN_AVX512VNNI_INLINE __m512i interpolate(const nn_table *table, __m512i x, __m512i first) {
  __m512i place = _mm512_add_epi32(x, _mm512_set1_epi32(32768));
  __m512i i = _mm512_add_epi32(_mm512_srli_epi32(place, 7), first), f = _mm512_and_si512(place, _mm512_set1_epi32(127));
  __m512i pairs = _mm512_i32gather_epi32(i, table->entries, 2);
  __m512i weights = _mm512_or_si512(_mm512_sub_epi32(_mm512_set1_epi32(128), f), _mm512_slli_epi32(f, 16));
  __m512i sum = _mm512_add_epi32(_mm512_madd_epi16(pairs, weights), _mm512_set1_epi32(1 << (table->shift - 1)));
  return _mm512_sra_epi32(sum, _mm_cvtsi32_si128(table->shift));
}

NN_AVX512VNNI_INLINE void store(uint8_t *output, size_t element, __mmask16 mask, __m512i y, int32_t element_bytes) {
  if (element_bytes == 2) {
    _mm256_mask_storeu_epi16(output + 2 * element, mask, _mm512_cvtepi32_epi16(y));
  } else {
    _mm_mask_storeu_epi8(output + element, mask, _mm512_cvtusepi32_epi8(_mm512_max_epi32(y, _mm512_setzero_si512())));
  }
}

NN_AVX512VNNI_INLINE void interpolate_stretch(const nn_step *step, const uint8_t *input, uint8_t *output, size_t length) {
  const nn_table *table = &step->u.table;
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  __m512i stride = _mm512_set1_epi32(table->channel_stride);
  // Elements a last, partial vector lacks look up entry 0 of an existing table.
  __m512i first = _mm512_mullo_epi32(lanes, stride);
  for (size_t element = 0; element < length; element += 16) {
    size_t left = length - element;
    __mmask16 mask = left < 16 ? (__mmask16)((1u << left) - 1) : 0xFFFF;
    __m512i x = _mm512_cvtepi16_epi32(_mm256_maskz_loadu_epi16(mask, input + 2 * element));
    store(output, element, mask, interpolate(table, x, _mm512_maskz_mov_epi32(mask, first)), step->output.element_bytes);
    first = _mm512_add_epi32(first, _mm512_slli_epi32(stride, 4));
  }
}

NN_AVX512VNNI void nn_table_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  if (step->input.element_bytes == 1) {
    nn_table_avx2(step, arena, scratch, range);
    return;
  }
  nn_stretches stretches = nn_table_stretches(step, arena, range);
  for (size_t n = 0; n < stretches.count; n++) {
    interpolate_stretch(step, stretches.input + n * stretches.input_stride, stretches.output + n * stretches.output_stride,
                        stretches.length);
  }
}

// ---- u8 input ------------------------------------------------------------------------------------------------------

#define NN_AVX512VBMI_INLINE static inline __attribute__((always_inline)) NN_AVX512VBMI

// A lookup in 256 entries is two lookups in 128, of which the top bit of the index chooses.
NN_AVX512VBMI_INLINE __m512i look_up(const __m512i entries[4], __m512i x) {
  __m512i low = _mm512_permutex2var_epi8(entries[0], x, entries[1]), high = _mm512_permutex2var_epi8(entries[2], x, entries[3]);
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(x), low, high);
}

NN_AVX512VBMI_INLINE void look_up_bytes(const uint8_t *table, const uint8_t *input, uint8_t *output, size_t length) {
  __m512i entries[4];
  for (int n = 0; n < 4; n++) {
    entries[n] = _mm512_loadu_si512(table + n * 64);
  }
  for (size_t element = 0; element < length; element += 64) {
    size_t left = length - element;
    __mmask64 mask = nn_mask64(left < 64 ? (int32_t)left : 64);
    _mm512_mask_storeu_epi8(output + element, mask, look_up(entries, _mm512_maskz_loadu_epi8(mask, input + element)));
  }
}

// The low and the high bytes of the entries are two tables of bytes.
NN_AVX512VBMI_INLINE void look_up_words(const int16_t *table, const uint8_t *input, uint8_t *output, size_t length) {
  __m512i counting = _mm512_set_epi64(0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928, 0x2726252423222120,
                                      0x1F1E1D1C1B1A1918, 0x1716151413121110, 0x0F0E0D0C0B0A0908, 0x0706050403020100);
  __m512i even = _mm512_add_epi8(counting, counting), odd = _mm512_or_si512(even, _mm512_set1_epi8(1));
  __m512i low[4], high[4];
  for (int n = 0; n < 4; n++) {
    __m512i a = _mm512_loadu_si512(table + n * 64), b = _mm512_loadu_si512(table + n * 64 + 32);
    low[n] = _mm512_permutex2var_epi8(a, even, b);
    high[n] = _mm512_permutex2var_epi8(a, odd, b);
  }
  // Byte 2 k of the result is byte k of the low ones, byte 2 k + 1 byte k of the high ones.
  __m512i half = _mm512_and_si512(_mm512_srli_epi16(counting, 1), _mm512_set1_epi8(0x1F));
  __m512i first = _mm512_mask_add_epi8(half, 0xAAAAAAAAAAAAAAAA, half, _mm512_set1_epi8(64));
  __m512i second = _mm512_add_epi8(first, _mm512_set1_epi8(32));
  for (size_t element = 0; element < length; element += 64) {
    size_t left = length - element;
    __mmask64 mask = nn_mask64(left < 64 ? (int32_t)left : 64);
    __m512i x = _mm512_maskz_loadu_epi8(mask, input + element);
    __m512i y_low = look_up(low, x), y_high = look_up(high, x);
    _mm512_mask_storeu_epi16(output + 2 * element, (__mmask32)mask, _mm512_permutex2var_epi8(y_low, first, y_high));
    _mm512_mask_storeu_epi16(output + 2 * element + 64, (__mmask32)(mask >> 32), _mm512_permutex2var_epi8(y_low, second, y_high));
  }
}

NN_AVX512VBMI void nn_table_avx512vbmi(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  if (step->input.element_bytes != 1) {
    nn_table_avx512vnni(step, arena, scratch, range);
    return;
  }
  if (step->u.table.channel_stride != 0) {
    nn_table_by_channel(step, arena, range);
    return;
  }
  nn_stretches stretches = nn_table_stretches(step, arena, range);
  for (size_t n = 0; n < stretches.count; n++) {
    const uint8_t *input = stretches.input + n * stretches.input_stride;
    uint8_t *output = stretches.output + n * stretches.output_stride;
    if (step->output.element_bytes == 1) {
      look_up_bytes(step->u.table.entries, input, output, stretches.length);
    } else {
      look_up_words(step->u.table.entries, input, output, stretches.length);
    }
  }
}

#endif
