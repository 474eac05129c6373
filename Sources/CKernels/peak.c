// How fast this core multiplies and accumulates when nothing has to be loaded or stored: what no kernel of an instruction
// set exceeds, by the instructions that its convolutions use. For profiles.
#include "CKernels.h"

#include "clock.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Keeps the compiler from computing in advance, from joining and from leaving out.
#define OPAQUE(constraint, value) __asm__ volatile("" : "+" constraint(value))

// Multiply-accumulates of a round: more chains than an instruction takes cycles times those that start in a cycle.
enum { SCALAR_CHAINS = 8, VECTOR_CHAINS = 12 };

static uint64_t round_macs(nn_isa isa) {
  switch (isa) {
  case NN_ISA_AVX2:
    return VECTOR_CHAINS * 16;
  case NN_ISA_AVX512VNNI:
    return VECTOR_CHAINS * 64;
  default:
    return SCALAR_CHAINS;
  }
}

static void run_scalar(uint64_t rounds) {
  int32_t sums[SCALAR_CHAINS] = {0};
  int32_t a = 3, b = 5;
  for (; rounds > 0; rounds--) {
#pragma clang loop unroll(full)
    for (int i = 0; i < SCALAR_CHAINS; i++) {
      OPAQUE("r", a);
      sums[i] += a * b;
      OPAQUE("r", sums[i]);
    }
  }
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static void run_avx2(uint64_t rounds) {
  __m256i sums[VECTOR_CHAINS];
#pragma clang loop unroll(full)
  for (int i = 0; i < VECTOR_CHAINS; i++) {
    sums[i] = _mm256_setzero_si256();
  }
  __m256i a = _mm256_set1_epi16(3), b = _mm256_set1_epi16(5);
  for (; rounds > 0; rounds--) {
#pragma clang loop unroll(full)
    for (int i = 0; i < VECTOR_CHAINS; i++) {
      OPAQUE("x", a);
      sums[i] = _mm256_add_epi32(sums[i], _mm256_madd_epi16(a, b));
      OPAQUE("x", sums[i]);
    }
  }
}

__attribute__((target("avx512f,avx512vnni"))) static void run_avx512vnni(uint64_t rounds) {
  __m512i sums[VECTOR_CHAINS];
#pragma clang loop unroll(full)
  for (int i = 0; i < VECTOR_CHAINS; i++) {
    sums[i] = _mm512_setzero_si512();
  }
  __m512i a = _mm512_set1_epi8(3), b = _mm512_set1_epi8(5);
  for (; rounds > 0; rounds--) {
#pragma clang loop unroll(full)
    for (int i = 0; i < VECTOR_CHAINS; i++) {
      sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
      OPAQUE("v", sums[i]);
    }
  }
}

#endif

uint64_t nn_time_peak(nn_isa isa, uint64_t mac_count) {
  uint64_t rounds = mac_count / round_macs(isa);
  uint64_t start = nn_now_nanoseconds();
  switch (isa) {
#if defined(__x86_64__)
  case NN_ISA_AVX2:
    run_avx2(rounds);
    break;
  case NN_ISA_AVX512VNNI:
    run_avx512vnni(rounds);
    break;
#endif
  default:
    run_scalar(rounds);
  }
  return nn_now_nanoseconds() - start;
}
