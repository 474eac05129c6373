// Elementwise arithmetic, 32 elements at a time: operators.md 3.1, 3.13 to 3.15.
#if defined(__x86_64__)

#include "arithmetic.h"
#include "avx2.h"
#include "avx2_kernels.h"

// 32 elements as words, in the order in which bytes unpack: by lanes of 128 bits, the lower and the upper 8 of each 16.
typedef struct nn_lanes {
  __m256i low, high;
} nn_lanes;

NN_AVX2_INLINE __m256i load(const uint8_t *source) { return _mm256_loadu_si256((const __m256i *)(const void *)source); }
NN_AVX2_INLINE void store(uint8_t *destination, __m256i value) { _mm256_storeu_si256((__m256i *)(void *)destination, value); }

// bytes: of an element.
NN_AVX2_INLINE nn_lanes load_whole(const uint8_t *source, int32_t bytes) {
  __m256i first = load(source);
  if (bytes == 1) {
    return (nn_lanes){_mm256_unpacklo_epi8(first, _mm256_setzero_si256()), _mm256_unpackhi_epi8(first, _mm256_setzero_si256())};
  }
  __m256i second = load(source + 32);
  return (nn_lanes){_mm256_permute2x128_si256(first, second, 0x20), _mm256_permute2x128_si256(first, second, 0x31)};
}

// count: of elements; those past it are 0.
NN_AVX2_INLINE nn_lanes load_lanes(const uint8_t *source, int32_t bytes, size_t count) {
  if (count >= 32) {
    return load_whole(source, bytes);
  }
  uint8_t whole[64] = {0};
  memcpy(whole, source, count * (size_t)bytes);
  return load_whole(whole, bytes);
}

// least, most: the clamp, as elements of the output repeat them.
NN_AVX2_INLINE void store_whole(uint8_t *destination, int32_t bytes, nn_lanes y, __m256i least, __m256i most) {
  if (bytes == 1) {
    store(destination, _mm256_min_epu8(_mm256_max_epu8(_mm256_packus_epi16(y.low, y.high), least), most));
    return;
  }
  y.low = _mm256_min_epi16(_mm256_max_epi16(y.low, least), most);
  y.high = _mm256_min_epi16(_mm256_max_epi16(y.high, least), most);
  store(destination, _mm256_permute2x128_si256(y.low, y.high, 0x20));
  store(destination + 32, _mm256_permute2x128_si256(y.low, y.high, 0x31));
}

NN_AVX2_INLINE void store_lanes(uint8_t *destination, int32_t bytes, size_t count, nn_lanes y, __m256i least, __m256i most) {
  if (count >= 32) {
    store_whole(destination, bytes, y, least, most);
    return;
  }
  uint8_t whole[64];
  store_whole(whole, bytes, y, least, most);
  memcpy(destination, whole, count * (size_t)bytes);
}

// The parameters of a step in registers: loaded once, for a store to the output might change what the step says.
typedef struct nn_parameters {
  __m256i multipliers, c;  // add
  __m256i zero_a, least_a, most_a, zero_b, least_b, most_b, multiplier, zero_y;
  __m256i least, most;  // the clamp, as elements of the output repeat them
  __m128i shift, shift_a, shift_b;
} nn_parameters;

NN_AVX2_INLINE nn_parameters load_parameters(const nn_step *step) {
  const nn_arithmetic *arithmetic = &step->u.arithmetic;
  int is_u8 = step->output.element_bytes == 1;
  return (nn_parameters){
    .multipliers = _mm256_set1_epi32((int32_t)((uint32_t)arithmetic->multiplier_b << 16 | (uint16_t)arithmetic->multiplier_a)),
    .c = _mm256_set1_epi32(arithmetic->c),
    .zero_a = _mm256_set1_epi16((int16_t)step->input.zero_point),
    .least_a = _mm256_set1_epi16((int16_t)(INT16_MIN >> arithmetic->shift_a)),
    .most_a = _mm256_set1_epi16((int16_t)(INT16_MAX >> arithmetic->shift_a)),
    .zero_b = _mm256_set1_epi16((int16_t)step->other.zero_point),
    .least_b = _mm256_set1_epi16((int16_t)(INT16_MIN >> arithmetic->shift_b)),
    .most_b = _mm256_set1_epi16((int16_t)(INT16_MAX >> arithmetic->shift_b)),
    .multiplier = _mm256_set1_epi16((int16_t)arithmetic->multiplier),
    .zero_y = _mm256_set1_epi16((int16_t)step->output.zero_point),
    .least = is_u8 ? _mm256_set1_epi8((int8_t)arithmetic->lo) : _mm256_set1_epi16((int16_t)arithmetic->lo),
    .most = is_u8 ? _mm256_set1_epi8((int8_t)arithmetic->hi) : _mm256_set1_epi16((int16_t)arithmetic->hi),
    .shift = _mm_cvtsi32_si128(arithmetic->shift),
    .shift_a = _mm_cvtsi32_si128(arithmetic->shift_a),
    .shift_b = _mm_cvtsi32_si128(arithmetic->shift_b),
  };
}

NN_AVX2_INLINE __m256i weighted(const nn_parameters *parameters, __m256i pairs) {
  __m256i sum = _mm256_add_epi32(_mm256_madd_epi16(pairs, parameters->multipliers), parameters->c);
  return _mm256_sra_epi32(sum, parameters->shift);
}

NN_AVX2_INLINE __m256i add(const nn_parameters *parameters, __m256i a, __m256i b) {
  __m256i low = weighted(parameters, _mm256_unpacklo_epi16(a, b)), high = weighted(parameters, _mm256_unpackhi_epi16(a, b));
  return _mm256_packs_epi32(low, high);
}

// w of (15): vpmulhrsw is (b' * m + 2^14) >> 15.
NN_AVX2_INLINE __m256i factor(const nn_parameters *parameters, __m256i b) {
  __m256i centred = _mm256_subs_epi16(b, parameters->zero_b);
  centred = _mm256_min_epi16(_mm256_max_epi16(centred, parameters->least_b), parameters->most_b);
  return _mm256_mulhrs_epi16(_mm256_sll_epi16(centred, parameters->shift_b), parameters->multiplier);
}

// (16) for words of which none is beyond the clamp of (14), as that of bytes is not.
NN_AVX2_INLINE __m256i product(const nn_parameters *parameters, int32_t a_bytes, __m256i a, __m256i w) {
  __m256i centred = _mm256_subs_epi16(a, parameters->zero_a);
  if (a_bytes != 1) {
    centred = _mm256_min_epi16(_mm256_max_epi16(centred, parameters->least_a), parameters->most_a);
  }
  return _mm256_adds_epi16(_mm256_mulhrs_epi16(_mm256_sll_epi16(centred, parameters->shift_a), w), parameters->zero_y);
}

// What a loop is compiled for.
typedef struct nn_variant {
  nn_operation operation;
  int32_t a_bytes, b_bytes, y_bytes, b_is_factor;
} nn_variant;

NN_AVX2_INLINE __m256i combine_words(const nn_parameters *parameters, nn_variant variant, __m256i a, __m256i b) {
  switch (variant.operation) {
  case NN_ADD:
    return add(parameters, a, b);
  case NN_REQUANTIZE:
    return add(parameters, a, _mm256_setzero_si256());
  case NN_MULTIPLY:
    return product(parameters, variant.a_bytes, a, variant.b_is_factor ? b : factor(parameters, b));
  case NN_MAXIMUM:
    return _mm256_max_epi16(a, b);
  case NN_MINIMUM:
    return _mm256_min_epi16(a, b);
  }
  return a;
}

NN_AVX2_INLINE void combine_block(const nn_parameters *parameters, nn_variant variant, const nn_stretch *stretch, size_t first,
                                  size_t count) {
  nn_lanes a = load_lanes(stretch->a + first * (size_t)variant.a_bytes, variant.a_bytes, count);
  nn_lanes b = load_lanes(stretch->b + first * (size_t)variant.b_bytes, variant.b_bytes, count);
  nn_lanes y = {combine_words(parameters, variant, a.low, b.low), combine_words(parameters, variant, a.high, b.high)};
  store_lanes(stretch->y + first * (size_t)variant.y_bytes, variant.y_bytes, count, y, parameters->least, parameters->most);
}

NN_AVX2_INLINE void combine_stretch(const nn_step *step, nn_variant variant, nn_stretch stretch) {
  nn_parameters parameters = load_parameters(step);
  size_t first = 0;
  for (; first + 32 <= stretch.count; first += 32) {
    combine_block(&parameters, variant, &stretch, first, 32);
  }
  if (first < stretch.count) {
    combine_block(&parameters, variant, &stretch, first, stretch.count - first);
  }
}

// Bytes alone, and bytes with factors, have loops of their own.
NN_AVX2_INLINE void combine_types(const nn_step *step, nn_operation operation, const nn_stretch *stretch) {
  nn_variant variant = {operation, stretch->a_bytes, stretch->b_bytes, step->output.element_bytes, stretch->b_is_factor};
  if (variant.a_bytes == 1 && variant.b_bytes == 1 && variant.y_bytes == 1) {
    combine_stretch(step, (nn_variant){operation, 1, 1, 1, 0}, *stretch);
  } else if (variant.a_bytes == 1 && variant.b_is_factor && variant.y_bytes == 1) {
    combine_stretch(step, (nn_variant){operation, 1, 2, 1, 1}, *stretch);
  } else {
    combine_stretch(step, variant, *stretch);
  }
}

NN_AVX2 static void combine(const nn_step *step, const nn_stretch *stretch) {
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

NN_AVX2 static void factors(const nn_step *step, const uint8_t *b, int16_t *w, size_t count) {
  nn_parameters parameters = load_parameters(step);
  int32_t bytes = step->other.element_bytes;
  __m256i least = _mm256_set1_epi16(INT16_MIN), most = _mm256_set1_epi16(INT16_MAX);
  for (size_t first = 0; first < count; first += 32) {
    nn_lanes x = load_lanes(b + first * (size_t)bytes, bytes, count - first);
    x.low = factor(&parameters, x.low);
    x.high = factor(&parameters, x.high);
    store_lanes((uint8_t *)(w + first), 2, count - first, x, least, most);
  }
}

NN_AVX2 void nn_arithmetic_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  static const nn_stretch_kernels kernels = {.combine = combine, .factors = factors};
  nn_arithmetic_walk(step, arena, scratch, range, &kernels);
}

#endif
