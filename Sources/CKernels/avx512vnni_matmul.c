// Products of two activations by the tiles of this instruction set and the packers of AVX2.
#if defined(__x86_64__)

#include "avx2_matmul.h"
#include "avx512vnni_kernels.h"

static const nn_matmul_set avx512vnni_set = {
  .tiles = {&nn_tiles_avx512vnni, &nn_wide_tiles_avx512vnni},
  NN_PACKERS_AVX2,
};

void nn_matmul_avx512vnni(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  nn_matmul_with(&avx512vnni_set, step, arena, scratch, range);
}

#endif
