// Elementwise arithmetic, 64 elements at a time: operators.md 3.1, 3.13 to 3.15.
#if defined(__x86_64__)

#include "arithmetic.h"
#include "avx512vnni.h"
#include "avx512vnni_kernels.h"

// 64 elements as words, in the order in which bytes unpack: by lanes of 128 bits, the lower and the upper 8 of each 16.
typedef struct nn_lanes {
  __m512i low, high;
} nn_lanes;

NN_AVX512VNNI_INLINE nn_lanes load_lanes(const uint8_t *source, int32_t bytes, __mmask64 mask) {
  if (bytes == 1) {
    __m512i x = _mm512_maskz_loadu_epi8(mask, source);
    return (nn_lanes){_mm512_unpacklo_epi8(x, _mm512_setzero_si512()), _mm512_unpackhi_epi8(x, _mm512_setzero_si512())};
  }
  const __m512i low = _mm512_setr_epi64(0, 1, 4, 5, 8, 9, 12, 13), high = _mm512_setr_epi64(2, 3, 6, 7, 10, 11, 14, 15);
  __m512i first = _mm512_maskz_loadu_epi16((__mmask32)mask, source), second = _mm512_maskz_loadu_epi16((__mmask32)(mask >> 32), source + 64);
  return (nn_lanes){_mm512_permutex2var_epi64(first, low, second), _mm512_permutex2var_epi64(first, high, second)};
}

// least, most: the clamp, as elements of the output repeat them.
NN_AVX512VNNI_INLINE void store_lanes(uint8_t *destination, int32_t bytes, __mmask64 mask, nn_lanes y, __m512i least, __m512i most) {
  if (bytes == 1) {
    __m512i q = _mm512_packus_epi16(y.low, y.high);
    _mm512_mask_storeu_epi8(destination, mask, _mm512_min_epu8(_mm512_max_epu8(q, least), most));
    return;
  }
  const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  y.low = _mm512_min_epi16(_mm512_max_epi16(y.low, least), most);
  y.high = _mm512_min_epi16(_mm512_max_epi16(y.high, least), most);
  _mm512_mask_storeu_epi16(destination, (__mmask32)mask, _mm512_permutex2var_epi64(y.low, first, y.high));
  _mm512_mask_storeu_epi16(destination + 64, (__mmask32)(mask >> 32), _mm512_permutex2var_epi64(y.low, second, y.high));
}

// The parameters of a step in registers: loaded once, for a store to the output might change what the step says.
typedef struct nn_parameters {
  __m512i multipliers, c;  // add
  __m512i zero_a, least_a, most_a, zero_b, least_b, most_b, multiplier, zero_y;
  __m512i least, most;  // the clamp, as elements of the output repeat them
  __m128i shift, shift_a, shift_b;
} nn_parameters;

NN_AVX512VNNI_INLINE nn_parameters load_parameters(const nn_step *step) {
  const nn_arithmetic *arithmetic = &step->u.arithmetic;
  int is_u8 = step->output.element_bytes == 1;
  return (nn_parameters){
    .multipliers = _mm512_set1_epi32((int32_t)((uint32_t)arithmetic->multiplier_b << 16 | (uint16_t)arithmetic->multiplier_a)),
    .c = _mm512_set1_epi32(arithmetic->c),
    .zero_a = _mm512_set1_epi16((int16_t)step->input.zero_point),
    .least_a = _mm512_set1_epi16((int16_t)(INT16_MIN >> arithmetic->shift_a)),
    .most_a = _mm512_set1_epi16((int16_t)(INT16_MAX >> arithmetic->shift_a)),
    .zero_b = _mm512_set1_epi16((int16_t)step->other.zero_point),
    .least_b = _mm512_set1_epi16((int16_t)(INT16_MIN >> arithmetic->shift_b)),
    .most_b = _mm512_set1_epi16((int16_t)(INT16_MAX >> arithmetic->shift_b)),
    .multiplier = _mm512_set1_epi16((int16_t)arithmetic->multiplier),
    .zero_y = _mm512_set1_epi16((int16_t)step->output.zero_point),
    .least = is_u8 ? _mm512_set1_epi8((int8_t)arithmetic->lo) : _mm512_set1_epi16((int16_t)arithmetic->lo),
    .most = is_u8 ? _mm512_set1_epi8((int8_t)arithmetic->hi) : _mm512_set1_epi16((int16_t)arithmetic->hi),
    .shift = _mm_cvtsi32_si128(arithmetic->shift),
    .shift_a = _mm_cvtsi32_si128(arithmetic->shift_a),
    .shift_b = _mm_cvtsi32_si128(arithmetic->shift_b),
  };
}

NN_AVX512VNNI_INLINE __m512i weighted(const nn_parameters *parameters, __m512i pairs) {
  __m512i sum = _mm512_add_epi32(_mm512_madd_epi16(pairs, parameters->multipliers), parameters->c);
  return _mm512_sra_epi32(sum, parameters->shift);
}

NN_AVX512VNNI_INLINE __m512i add(const nn_parameters *parameters, __m512i a, __m512i b) {
  __m512i low = weighted(parameters, _mm512_unpacklo_epi16(a, b)), high = weighted(parameters, _mm512_unpackhi_epi16(a, b));
  return _mm512_packs_epi32(low, high);
}

// w of (15): vpmulhrsw is (b' * m + 2^14) >> 15.
NN_AVX512VNNI_INLINE __m512i factor(const nn_parameters *parameters, __m512i b) {
  __m512i centred = _mm512_subs_epi16(b, parameters->zero_b);
  centred = _mm512_min_epi16(_mm512_max_epi16(centred, parameters->least_b), parameters->most_b);
  return _mm512_mulhrs_epi16(_mm512_sll_epi16(centred, parameters->shift_b), parameters->multiplier);
}

// (16) for words of which none is beyond the clamp of (14), as that of bytes is not.
NN_AVX512VNNI_INLINE __m512i product(const nn_parameters *parameters, int32_t a_bytes, __m512i a, __m512i w) {
  __m512i centred = _mm512_subs_epi16(a, parameters->zero_a);
  if (a_bytes != 1) {
    centred = _mm512_min_epi16(_mm512_max_epi16(centred, parameters->least_a), parameters->most_a);
  }
  return _mm512_adds_epi16(_mm512_mulhrs_epi16(_mm512_sll_epi16(centred, parameters->shift_a), w), parameters->zero_y);
}

// What a loop is compiled for.
typedef struct nn_variant {
  nn_operation operation;
  int32_t a_bytes, b_bytes, y_bytes, b_is_factor;
} nn_variant;

NN_AVX512VNNI_INLINE __m512i combine_words(const nn_parameters *parameters, nn_variant variant, __m512i a, __m512i b) {
  switch (variant.operation) {
  case NN_ADD:
    return add(parameters, a, b);
  case NN_REQUANTIZE:
    return add(parameters, a, _mm512_setzero_si512());
  case NN_MULTIPLY:
    return product(parameters, variant.a_bytes, a, variant.b_is_factor ? b : factor(parameters, b));
  case NN_MAXIMUM:
    return _mm512_max_epi16(a, b);
  case NN_MINIMUM:
    return _mm512_min_epi16(a, b);
  }
  return a;
}

NN_AVX512VNNI_INLINE void combine_block(const nn_parameters *parameters, nn_variant variant, const nn_stretch *stretch, size_t first,
                                        __mmask64 mask) {
  nn_lanes a = load_lanes(stretch->a + first * (size_t)variant.a_bytes, variant.a_bytes, mask);
  nn_lanes b = load_lanes(stretch->b + first * (size_t)variant.b_bytes, variant.b_bytes, mask);
  nn_lanes y = {combine_words(parameters, variant, a.low, b.low), combine_words(parameters, variant, a.high, b.high)};
  store_lanes(stretch->y + first * (size_t)variant.y_bytes, variant.y_bytes, mask, y, parameters->least, parameters->most);
}

NN_AVX512VNNI_INLINE void combine_stretch(const nn_step *step, nn_variant variant, nn_stretch stretch) {
  nn_parameters parameters = load_parameters(step);
  size_t first = 0;
  for (; first + 64 <= stretch.count; first += 64) {
    combine_block(&parameters, variant, &stretch, first, nn_mask64(64));
  }
  if (first < stretch.count) {
    combine_block(&parameters, variant, &stretch, first, nn_mask64((int32_t)(stretch.count - first)));
  }
}

// Bytes alone, and bytes with factors, have loops of their own.
NN_AVX512VNNI_INLINE void combine_types(const nn_step *step, nn_operation operation, const nn_stretch *stretch) {
  nn_variant variant = {operation, stretch->a_bytes, stretch->b_bytes, step->output.element_bytes, stretch->b_is_factor};
  if (variant.a_bytes == 1 && variant.b_bytes == 1 && variant.y_bytes == 1) {
    combine_stretch(step, (nn_variant){operation, 1, 1, 1, 0}, *stretch);
  } else if (variant.a_bytes == 1 && variant.b_is_factor && variant.y_bytes == 1) {
    combine_stretch(step, (nn_variant){operation, 1, 2, 1, 1}, *stretch);
  } else {
    combine_stretch(step, variant, *stretch);
  }
}

NN_AVX512VNNI static void combine(const nn_step *step, const nn_stretch *stretch) {
  switch (step->u.arithmetic.operation) {
  case NN_ADD:
    return combine_types(step, NN_ADD, stretch);
  case NN_REQUANTIZE:
    return combine_types(step, NN_REQUANTIZE, stretch);
  case NN_MULTIPLY:
    return combine_types(step, NN_MULTIPLY, stretch);
  case NN_MAXIMUM:
    return combine_types(step, NN_MAXIMUM, stretch);
  case NN_MINIMUM:
    return combine_types(step, NN_MINIMUM, stretch);
  }
}

NN_AVX512VNNI static void factors(const nn_step *step, const uint8_t *b, int16_t *w, size_t count) {
  nn_parameters parameters = load_parameters(step);
  int32_t bytes = step->other.element_bytes;
  __m512i least = _mm512_set1_epi16(INT16_MIN), most = _mm512_set1_epi16(INT16_MAX);
  for (size_t first = 0; first < count; first += 64) {
    __mmask64 mask = nn_mask64(count - first < 64 ? (int32_t)(count - first) : 64);
    nn_lanes x = load_lanes(b + first * (size_t)bytes, bytes, mask);
    x.low = factor(&parameters, x.low);
    x.high = factor(&parameters, x.high);
    store_lanes((uint8_t *)(w + first), 2, mask, x, least, most);
  }
}

NN_AVX512VNNI void nn_arithmetic_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  static const nn_stretch_kernels kernels = {.combine = combine, .factors = factors};
  nn_arithmetic_walk(step, arena, scratch, range, &kernels);
}

#endif
