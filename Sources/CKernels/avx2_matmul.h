// The packers of products of two activations that both vector sets use. Internal to CKernels.
#ifndef NN_AVX2_MATMUL_H
#define NN_AVX2_MATMUL_H

#include "matmul.h"

void nn_pack_rows_u8_avx2(const nn_right *right, int32_t column, int8_t *panel);
void nn_pack_rows_s16_avx2(const nn_right *right, int32_t column, int8_t *panel);
void nn_pack_columns_u8_avx2(const nn_right *right, int32_t column, int8_t *panel);
void nn_pack_columns_s16_avx2(const nn_right *right, int32_t column, int8_t *panel);
void nn_sum_panel_avx2(const int8_t *panel, int32_t groups, int32_t *sums);

// Fields of an nn_matmul_set.
#define NN_PACKERS_AVX2                                                \
  .pack_rows = {nn_pack_rows_u8_avx2, nn_pack_rows_s16_avx2},          \
  .pack_columns = {nn_pack_columns_u8_avx2, nn_pack_columns_s16_avx2}, \
  .sum_panel = nn_sum_panel_avx2

#endif
