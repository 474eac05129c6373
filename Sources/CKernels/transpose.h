// Internal to CKernels.
#ifndef NN_TRANSPOSE_H
#define NN_TRANSPOSE_H

#include <stddef.h>
#include <stdint.h>

// destination[i][j] = source[j][i] for i below rows, j below columns: the destination's columns and the source's rows are
// contiguous. source_stride is the distance of two j, destination_stride that of two i, in bytes; elements have 1 or 2 bytes.
void nn_transpose_block(const uint8_t *source, ptrdiff_t source_stride, uint8_t *destination, ptrdiff_t destination_stride,
                        int32_t rows, int32_t columns, ptrdiff_t element_bytes);

#endif
