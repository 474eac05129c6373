// What the AVX-512 VNNI kernels share. Include only in a file that is one: everything below is compiled for the set.
#ifndef NN_AVX512VNNI_H
#define NN_AVX512VNNI_H

#include <immintrin.h>

#include "views.h"

#define NN_AVX512VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"), min_vector_width(512)))
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

#endif
