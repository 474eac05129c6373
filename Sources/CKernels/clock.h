// Time for profiles. Internal to CKernels.
#ifndef NN_CLOCK_H
#define NN_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t nn_now_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

#endif
