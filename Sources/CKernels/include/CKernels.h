#ifndef NN_KERNELS_H
#define NN_KERNELS_H

#include <stdint.h>

#endif
