// Internal to CKernels.
#ifndef NN_COPY_H
#define NN_COPY_H

#include "CKernels.h"

void nn_copy_bytes(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range);

#endif
