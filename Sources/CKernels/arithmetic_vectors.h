// Elementwise arithmetic in vectors, operators.md 3.1 and 3.13 to 3.15: what instruction sets have in common. A file of one
// defines before it includes this:
//   NN_TARGET    attribute of functions
//   NN_INLINE    the same, always inlined
//   NN_MM(name)  the intrinsic _mm..._name
//   NN_ELEMENTS  in two vectors of words
//   nn_vector    a vector of words
//   nn_lanes     two of them: NN_ELEMENTS elements in the order in which bytes unpack
//   nn_lanes load_lanes(const uint8_t *source, int32_t bytes, size_t count): those past count are 0
//   void store_lanes(uint8_t *destination, int32_t bytes, size_t count, nn_lanes y, nn_vector least, nn_vector most):
//     clamped, least and most as elements of the output repeat them
#include "arithmetic.h"

// The parameters of a step in registers: loaded once, for a store to the output might change what the step says.
typedef struct nn_parameters {
  nn_vector multipliers, c;  // add
  nn_vector zero_a, least_a, most_a, zero_b, least_b, most_b, multiplier, zero_y;
  nn_vector least, most;  // the clamp, as elements of the output repeat them
  __m128i shift, shift_a, shift_b;
} nn_parameters;

NN_INLINE nn_parameters load_parameters(const nn_step *step) {
  const nn_arithmetic *arithmetic = &step->u.arithmetic;
  int is_u8 = step->output.element_bytes == 1;
  return (nn_parameters){
    .multipliers = NN_MM(set1_epi32)((int32_t)((uint32_t)arithmetic->multiplier_b << 16 | (uint16_t)arithmetic->multiplier_a)),
    .c = NN_MM(set1_epi32)(arithmetic->c),
    .zero_a = NN_MM(set1_epi16)((int16_t)step->input.zero_point),
    .least_a = NN_MM(set1_epi16)((int16_t)(INT16_MIN >> arithmetic->shift_a)),
    .most_a = NN_MM(set1_epi16)((int16_t)(INT16_MAX >> arithmetic->shift_a)),
    .zero_b = NN_MM(set1_epi16)((int16_t)step->other.zero_point),
    .least_b = NN_MM(set1_epi16)((int16_t)(INT16_MIN >> arithmetic->shift_b)),
    .most_b = NN_MM(set1_epi16)((int16_t)(INT16_MAX >> arithmetic->shift_b)),
    .multiplier = NN_MM(set1_epi16)((int16_t)arithmetic->multiplier),
    .zero_y = NN_MM(set1_epi16)((int16_t)step->output.zero_point),
    .least = is_u8 ? NN_MM(set1_epi8)((int8_t)arithmetic->lo) : NN_MM(set1_epi16)((int16_t)arithmetic->lo),
    .most = is_u8 ? NN_MM(set1_epi8)((int8_t)arithmetic->hi) : NN_MM(set1_epi16)((int16_t)arithmetic->hi),
    .shift = _mm_cvtsi32_si128(arithmetic->shift),
    .shift_a = _mm_cvtsi32_si128(arithmetic->shift_a),
    .shift_b = _mm_cvtsi32_si128(arithmetic->shift_b),
  };
}

NN_INLINE nn_vector weighted(const nn_parameters *parameters, nn_vector pairs) {
  nn_vector sum = NN_MM(add_epi32)(NN_MM(madd_epi16)(pairs, parameters->multipliers), parameters->c);
  return NN_MM(sra_epi32)(sum, parameters->shift);
}

NN_INLINE nn_vector add(const nn_parameters *parameters, nn_vector a, nn_vector b) {
  nn_vector low = weighted(parameters, NN_MM(unpacklo_epi16)(a, b)), high = weighted(parameters, NN_MM(unpackhi_epi16)(a, b));
  return NN_MM(packs_epi32)(low, high);
}

// w of (15): vpmulhrsw is (b' * m + 2^14) >> 15.
NN_INLINE nn_vector factor(const nn_parameters *parameters, nn_vector b) {
  nn_vector centred = NN_MM(subs_epi16)(b, parameters->zero_b);
  centred = NN_MM(min_epi16)(NN_MM(max_epi16)(centred, parameters->least_b), parameters->most_b);
  return NN_MM(mulhrs_epi16)(NN_MM(sll_epi16)(centred, parameters->shift_b), parameters->multiplier);
}

// (16) for words of which none is beyond the clamp of (14), as that of bytes is not.
NN_INLINE nn_vector product(const nn_parameters *parameters, int32_t a_bytes, nn_vector a, nn_vector w) {
  nn_vector centred = NN_MM(subs_epi16)(a, parameters->zero_a);
  if (a_bytes != 1) {
    centred = NN_MM(min_epi16)(NN_MM(max_epi16)(centred, parameters->least_a), parameters->most_a);
  }
  return NN_MM(adds_epi16)(NN_MM(mulhrs_epi16)(NN_MM(sll_epi16)(centred, parameters->shift_a), w), parameters->zero_y);
}

// What a loop is compiled for.
typedef struct nn_variant {
  nn_operation operation;
  int32_t a_bytes, b_bytes, y_bytes, b_is_factor;
} nn_variant;

NN_INLINE nn_vector combine_words(const nn_parameters *parameters, nn_variant variant, nn_vector a, nn_vector b) {
  switch (variant.operation) {
  case NN_ADD:
    return add(parameters, a, b);
  case NN_REQUANTIZE:
    return add(parameters, a, NN_MM(set1_epi32)(0));
  case NN_MULTIPLY:
    return product(parameters, variant.a_bytes, a, variant.b_is_factor ? b : factor(parameters, b));
  case NN_MAXIMUM:
    return NN_MM(max_epi16)(a, b);
  case NN_MINIMUM:
    return NN_MM(min_epi16)(a, b);
  }
  return a;
}

NN_INLINE void combine_block(const nn_parameters *parameters, nn_variant variant, const nn_stretch *stretch, size_t first,
                                  size_t count) {
  nn_lanes a = load_lanes(stretch->a + first * (size_t)variant.a_bytes, variant.a_bytes, count);
  nn_lanes b = load_lanes(stretch->b + first * (size_t)variant.b_bytes, variant.b_bytes, count);
  nn_lanes y = {combine_words(parameters, variant, a.low, b.low), combine_words(parameters, variant, a.high, b.high)};
  store_lanes(stretch->y + first * (size_t)variant.y_bytes, variant.y_bytes, count, y, parameters->least, parameters->most);
}

NN_INLINE void combine_stretch(const nn_step *step, nn_variant variant, nn_stretch stretch) {
  nn_parameters parameters = load_parameters(step);
  size_t first = 0;
  for (; first + NN_ELEMENTS <= stretch.count; first += NN_ELEMENTS) {
    combine_block(&parameters, variant, &stretch, first, NN_ELEMENTS);
  }
  if (first < stretch.count) {
    combine_block(&parameters, variant, &stretch, first, stretch.count - first);
  }
}

// Bytes alone, and bytes with factors, have loops of their own.
NN_INLINE void combine_types(const nn_step *step, nn_operation operation, const nn_stretch *stretch) {
  nn_variant variant = {operation, stretch->a_bytes, stretch->b_bytes, step->output.element_bytes, stretch->b_is_factor};
  if (variant.a_bytes == 1 && variant.b_bytes == 1 && variant.y_bytes == 1) {
    combine_stretch(step, (nn_variant){operation, 1, 1, 1, 0}, *stretch);
  } else if (variant.a_bytes == 1 && variant.b_is_factor && variant.y_bytes == 1) {
    combine_stretch(step, (nn_variant){operation, 1, 2, 1, 1}, *stretch);
  } else {
    combine_stretch(step, variant, *stretch);
  }
}

NN_TARGET static void combine(const nn_step *step, const nn_stretch *stretch) {
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

NN_TARGET static void factors(const nn_step *step, const uint8_t *b, int16_t *w, size_t count) {
  nn_parameters parameters = load_parameters(step);
  int32_t bytes = step->other.element_bytes;
  nn_vector least = NN_MM(set1_epi16)(INT16_MIN), most = NN_MM(set1_epi16)(INT16_MAX);
  for (size_t first = 0; first < count; first += NN_ELEMENTS) {
    nn_lanes x = load_lanes(b + first * (size_t)bytes, bytes, count - first);
    x.low = factor(&parameters, x.low);
    x.high = factor(&parameters, x.high);
    store_lanes((uint8_t *)(w + first), 2, count - first, x, least, most);
  }
}
