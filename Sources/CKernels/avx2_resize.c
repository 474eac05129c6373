// resize of u8: 16 channels of a pixel at a time.
#if defined(__x86_64__)

#include "avx2.h"
#include "avx2_kernels.h"

#define NN_TARGET NN_AVX2
#define NN_INLINE NN_AVX2_INLINE
#define NN_MM(name) _mm256_##name
#define NN_CHANNELS 16

typedef __m256i nn_vector;

NN_AVX2_INLINE nn_vector load_words(const uint8_t *source, int32_t count) {
  return _mm256_cvtepu8_epi16(nn_load_bytes(source, count));
}

NN_AVX2_INLINE void store_words(uint8_t *destination, nn_vector words, int32_t count) {
  __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  nn_store_bytes(destination, bytes, count);
}

#include "resize_vectors.h"

void nn_resize_avx2(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) { resize(step, arena, scratch, range); }

#endif
