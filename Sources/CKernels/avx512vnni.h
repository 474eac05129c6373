// What the AVX-512 VNNI kernels share. Include only in a file that is one: everything below is compiled for the set.
#ifndef NN_AVX512VNNI_H
#define NN_AVX512VNNI_H

#include <immintrin.h>

#include "target.h"

#define NN_AVX512VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"), min_vector_width(512)))
// With byte permutations besides.
#define NN_AVX512VBMI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512vbmi"), min_vector_width(512)))
#define NN_AVX512VNNI_INLINE static inline __attribute__((always_inline)) NN_AVX512VNNI

// The lowest count bits, for count 0 and more.
NN_AVX512VNNI_INLINE __mmask64 nn_mask64(int32_t count) { return count >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << count) - 1; }
NN_AVX512VNNI_INLINE __mmask32 nn_mask32(int32_t count) { return count >= 32 ? ~(__mmask32)0 : ((__mmask32)1 << count) - 1; }

// Four vectors of 16 s32, packed twice by lanes, leave lane l with elements 4 l ... 4 l + 3 of each: this puts the 16 of
// the first vector first.
NN_AVX512VNNI_INLINE __m512i nn_unlane_bytes(__m512i packed) {
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  return _mm512_permutexvar_epi32(order, packed);
}

// Requantisation constants of two panels, in the order in which two vectors of s32 pack.
typedef struct nn_pair {
  __m512i shift[2];
  __m512i multiplier;
} nn_pair;

// distance: from a channel of the first panel to that of the second.
NN_AVX512VNNI_INLINE nn_pair nn_load_pair(const int32_t *shift, const int32_t *multiplier, int32_t distance) {
  nn_pair pair;
  pair.shift[0] = _mm512_loadu_si512(shift);
  pair.shift[1] = _mm512_loadu_si512(shift + distance);
  pair.multiplier = _mm512_packs_epi32(_mm512_loadu_si512(multiplier), _mm512_loadu_si512(multiplier + distance));
  return pair;
}

// Equations (2) and (3) without the clamp: vpmulhrsw is (t * m + 2^14) >> 15, and c is 2^14 + z_y * 2^15.
NN_AVX512VNNI_INLINE __m512i nn_requantize_pair(nn_pair pair, __m512i zero_point, __m512i first, __m512i second) {
  __m512i t = _mm512_packs_epi32(_mm512_srav_epi32(first, pair.shift[0]), _mm512_srav_epi32(second, pair.shift[1]));
  return _mm512_adds_epi16(_mm512_mulhrs_epi16(t, pair.multiplier), zero_point);
}

// Requantises and stores rows x panels sums, any type of output, with or without residual.
NN_AVX512VNNI void nn_store_sums_avx512vnni(const nn_target *target, const __m512i *sums, int rows, int panels);

#endif
