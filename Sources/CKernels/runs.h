// Copies of short runs of bytes without a call. Internal to CKernels.
#ifndef NN_RUNS_H
#define NN_RUNS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Two copies of `part` bytes cover a run of part...2 * part bytes: they may overlap.
#define NN_COPY_ENDS(part)                                                   \
  do {                                                                       \
    uint8_t first[part], last[part];                                         \
    memcpy(first, source, part);                                             \
    memcpy(last, source + count - (part), part);                             \
    memcpy(destination, first, part);                                        \
    memcpy(destination + count - (part), last, part);                        \
  } while (0)

// count bytes that do not overlap. The C library's copy is the fastest there is for long runs, but its call takes longer than
// to copy a few bytes.
static inline __attribute__((always_inline)) void nn_copy_run(uint8_t *destination, const uint8_t *source, size_t count) {
  if (count > 64) {
    memcpy(destination, source, count);
  } else if (count >= 32) {
    NN_COPY_ENDS(32);
  } else if (count >= 16) {
    NN_COPY_ENDS(16);
  } else if (count >= 8) {
    NN_COPY_ENDS(8);
  } else if (count >= 4) {
    NN_COPY_ENDS(4);
  } else if (count >= 2) {
    NN_COPY_ENDS(2);
  } else if (count == 1) {
    *destination = *source;
  }
}

// count elements of 1 or 2 bytes, each at a distance in bytes from the one before.
static inline void nn_copy_strided(uint8_t *destination, ptrdiff_t destination_stride, const uint8_t *source,
                                   ptrdiff_t source_stride, int32_t count, ptrdiff_t element_bytes) {
  if (element_bytes == 1) {
    for (int32_t i = 0; i < count; i++) {
      destination[i * destination_stride] = source[i * source_stride];
    }
    return;
  }
  for (int32_t i = 0; i < count; i++) {
    memcpy(destination + i * destination_stride, source + i * source_stride, 2);
  }
}

#endif
