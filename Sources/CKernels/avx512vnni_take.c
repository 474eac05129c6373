// take of bytes along the last axis, a shuffle of channels: permutations of 256 bytes at most.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"
#include "move.h"

enum { MAXIMUM_EXTENT = 256, MAXIMUM_COUNT = 512, CHUNK = 64 };

typedef struct shuffle {
  __m512i indices[MAXIMUM_COUNT / CHUNK];  // the low bytes of the indices
  int32_t extent, count;
} shuffle;

NN_AVX512VBMI static void load_indices(shuffle *shuffle, const uint32_t *indices) {
  uint8_t bytes[MAXIMUM_COUNT] = {0};
  for (int32_t i = 0; i < shuffle->count; i++) {
    bytes[i] = (uint8_t)indices[i];
  }
  for (int32_t chunk = 0; chunk * CHUNK < shuffle->count; chunk++) {
    shuffle->indices[chunk] = _mm512_loadu_si512(bytes + chunk * CHUNK);
  }
}

// The top bit of an index chooses between the two halves of 256 bytes.
NN_AVX512VBMI static void shuffle_group(const shuffle *shuffle, const uint8_t *source, uint8_t *destination) {
  __m512i x[MAXIMUM_EXTENT / CHUNK];
  for (int32_t n = 0; n < MAXIMUM_EXTENT / CHUNK; n++) {
    int32_t left = nn_max(shuffle->extent - n * CHUNK, 0);
    x[n] = _mm512_maskz_loadu_epi8(nn_mask64(left), source + (left > 0 ? n * CHUNK : 0));
  }
  for (int32_t chunk = 0; chunk * CHUNK < shuffle->count; chunk++) {
    __m512i index = shuffle->indices[chunk];
    __m512i y = _mm512_permutex2var_epi8(x[0], index, x[1]);
    if (shuffle->extent > 2 * CHUNK) {
      __m512i high = _mm512_permutex2var_epi8(x[2], index, x[3]);
      y = _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), y, high);
    }
    _mm512_mask_storeu_epi8(destination + chunk * CHUNK, nn_mask64(shuffle->count - chunk * CHUNK), y);
  }
}

NN_AVX512VBMI void nn_take_avx512vbmi(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  const nn_take *take = &step->u.take;
  shuffle shuffle = {.extent = take->extent, .count = take->count};
  if (take->block_bytes != 1 || shuffle.extent > MAXIMUM_EXTENT || shuffle.count > MAXIMUM_COUNT) {
    nn_take_bytes(step, arena, scratch, range);
    return;
  }
  load_indices(&shuffle, take->indices);
  int32_t first = nn_ceil_div(range.row_begin, take->count), end = range.row_end / take->count;
  for (int32_t group = first; group < end; group++) {
    const uint8_t *source = arena + step->input.offset + (size_t)group * take->source_stride;
    shuffle_group(&shuffle, source, arena + step->output.offset + (size_t)group * take->destination_stride);
  }
  // Groups of which the range holds a part.
  nn_range head = range, tail = range;
  head.row_end = nn_min(range.row_end, first * take->count);
  tail.row_begin = nn_max(head.row_end, end * take->count);
  nn_take_bytes(step, arena, scratch, head);
  nn_take_bytes(step, arena, scratch, tail);
}

#endif
