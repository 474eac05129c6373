#include "cpu.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <stdint.h>

enum {
  AVX_STATE = 0x06,     // XCR0: the operating system saves XMM and YMM
  AVX512_STATE = 0xE6,  // also masks and ZMM
};

// Feature bits of cpuid leaf 7.
enum { EBX_AVX2 = 1 << 5, EBX_F = 1 << 16, EBX_DQ = 1 << 17, EBX_BW = 1 << 30, ECX_VBMI = 1 << 1, ECX_VNNI = 1 << 11 };
static const uint32_t EBX_VL = UINT32_C(1) << 31;

// Feature bits of cpuid leaf 1.
enum { ECX_FMA = 1 << 12, ECX_OSXSAVE = 1 << 27 };

static int has_leaf_1(uint32_t ecx_bit) {
  uint32_t eax, ebx, ecx, edx;
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & ecx_bit);
}

// The register state that the operating system saves; 0 if it does not say.
static uint32_t saved_state(void) {
  if (!has_leaf_1(ECX_OSXSAVE)) {
    return 0;
  }
  uint32_t eax, edx;
  __asm__("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  return eax;
}

static int has(uint32_t state, uint32_t ebx_bits, uint32_t ecx_bits) {
  uint32_t eax, ebx, ecx, edx;
  if ((saved_state() & state) != state || !__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) {
    return 0;
  }
  return (ebx & ebx_bits) == ebx_bits && (ecx & ecx_bits) == ecx_bits;
}

int nn_cpu_has_avx2(void) { return has(AVX_STATE, EBX_AVX2, 0); }
int nn_cpu_has_fma(void) { return (saved_state() & AVX_STATE) == AVX_STATE && has_leaf_1(ECX_FMA); }
int nn_cpu_has_avx512vnni(void) { return has(AVX512_STATE, EBX_F | EBX_DQ | EBX_BW | EBX_VL, ECX_VNNI); }
int nn_cpu_has_avx512vbmi(void) { return nn_cpu_has_avx512vnni() && has(AVX512_STATE, 0, ECX_VBMI); }

#else

int nn_cpu_has_avx2(void) { return 0; }
int nn_cpu_has_fma(void) { return 0; }
int nn_cpu_has_avx512vnni(void) { return 0; }
int nn_cpu_has_avx512vbmi(void) { return 0; }

#endif
