// resize of u8: 32 channels of a pixel at a time.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"

#define NN_TARGET NN_AVX512VNNI
#define NN_INLINE NN_AVX512VNNI_INLINE
#define NN_MM(name) _mm512_##name
#define NN_CHANNELS 32

typedef __m512i nn_vector;

NN_AVX512VNNI_INLINE nn_vector load_words(const uint8_t *source, int32_t count) {
  return _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(nn_mask32(count), source));
}

NN_AVX512VNNI_INLINE void store_words(uint8_t *destination, nn_vector words, int32_t count) {
  _mm256_mask_storeu_epi8(destination, nn_mask32(count), _mm512_cvtepi16_epi8(words));
}

#include "resize_vectors.h"

void nn_resize_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  resize(step, arena, scratch, range);
}

#endif
