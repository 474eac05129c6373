// take of bytes along the last axis, a shuffle of channels, by byte permutations. A permutation of two vectors looks up 128
// bytes; two of them and the top bit of the index make a page of 256, and the rest of the index chooses the page.
#if defined(__x86_64__)

#include "avx512vnni.h"
#include "avx512vnni_kernels.h"
#include "move.h"

enum { VECTOR = 64, PAGE = 256, MAXIMUM_PAGES = 4, MAXIMUM_CHUNKS = 16 };

typedef struct shuffle {
  int32_t extent, page_count;
  int32_t count, chunk_count;  // chunks of VECTOR outputs
  __m512i places[MAXIMUM_CHUNKS];  // within a page
  __mmask64 is_of_page[MAXIMUM_CHUNKS][MAXIMUM_PAGES];
} shuffle;

NN_AVX512VBMI static void load_indices(shuffle *shuffle, const uint32_t *indices) {
  for (int32_t chunk = 0; chunk < shuffle->chunk_count; chunk++) {
    uint8_t places[VECTOR] = {0};
    for (int32_t page = 0; page < shuffle->page_count; page++) {
      shuffle->is_of_page[chunk][page] = 0;
    }
    for (int32_t i = 0; i < nn_min(VECTOR, shuffle->count - chunk * VECTOR); i++) {
      uint32_t index = indices[chunk * VECTOR + i];
      places[i] = (uint8_t)index;
      shuffle->is_of_page[chunk][index / PAGE] |= (__mmask64)1 << i;
    }
    shuffle->places[chunk] = _mm512_loadu_si512(places);
  }
}

NN_AVX512VNNI_INLINE __m512i load_part(const shuffle *shuffle, const uint8_t *source, int32_t first) {
  int32_t left = nn_max(shuffle->extent - first, 0);
  return _mm512_maskz_loadu_epi8(nn_mask64(left), source + (left > 0 ? first : 0));
}

// What the places of a page hold; those beyond the extent hold anything.
typedef struct page {
  __m512i x[PAGE / VECTOR];
  int is_half;  // all lies in the first 128 bytes
} page;

NN_AVX512VNNI_INLINE page load_page(const shuffle *shuffle, const uint8_t *source, int32_t number) {
  page page = {.is_half = shuffle->extent <= number * PAGE + 2 * VECTOR};
  for (int32_t n = 0; n < PAGE / VECTOR; n++) {
    page.x[n] = load_part(shuffle, source, number * PAGE + n * VECTOR);
  }
  return page;
}

static inline __attribute__((always_inline)) NN_AVX512VBMI __m512i look_up(const page *page, __m512i places) {
  __m512i low = _mm512_permutex2var_epi8(page->x[0], places, page->x[1]);
  if (page->is_half) {
    return low;
  }
  __m512i high = _mm512_permutex2var_epi8(page->x[2], places, page->x[3]);
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(places), low, high);
}

NN_AVX512VNNI_INLINE void store_chunk(const shuffle *shuffle, uint8_t *destination, int32_t chunk, __m512i y) {
  _mm512_mask_storeu_epi8(destination + chunk * VECTOR, nn_mask64(shuffle->count - chunk * VECTOR), y);
}

NN_AVX512VBMI static void shuffle_page(const shuffle *shuffle, const uint8_t *source, uint8_t *destination) {
  page page = load_page(shuffle, source, 0);
  for (int32_t chunk = 0; chunk < shuffle->chunk_count; chunk++) {
    store_chunk(shuffle, destination, chunk, look_up(&page, shuffle->places[chunk]));
  }
}

NN_AVX512VBMI static void shuffle_pages(const shuffle *shuffle, const uint8_t *source, uint8_t *destination) {
  __m512i y[MAXIMUM_CHUNKS];
  for (int32_t number = 0; number < shuffle->page_count; number++) {
    page page = load_page(shuffle, source, number);
    for (int32_t chunk = 0; chunk < shuffle->chunk_count; chunk++) {
      __m512i before = number == 0 ? _mm512_setzero_si512() : y[chunk];
      y[chunk] = _mm512_mask_mov_epi8(before, shuffle->is_of_page[chunk][number], look_up(&page, shuffle->places[chunk]));
    }
  }
  for (int32_t chunk = 0; chunk < shuffle->chunk_count; chunk++) {
    store_chunk(shuffle, destination, chunk, y[chunk]);
  }
}

NN_AVX512VBMI void nn_take_avx512vbmi(const nn_step *step, uint8_t *arena, uint8_t *scratch, nn_range range) {
  const nn_take *take = &step->u.take;
  shuffle shuffle;
  shuffle.extent = take->extent;
  shuffle.page_count = nn_ceil_div(take->extent, PAGE);
  shuffle.count = take->count;
  shuffle.chunk_count = nn_ceil_div(take->count, VECTOR);
  if (take->block_bytes != 1 || shuffle.page_count > MAXIMUM_PAGES || shuffle.chunk_count > MAXIMUM_CHUNKS) {
    nn_take_bytes(step, arena, scratch, range);
    return;
  }
  load_indices(&shuffle, take->indices);
  int32_t first = nn_ceil_div(range.row_begin, take->count), end = range.row_end / take->count;
  for (int32_t group = first; group < end; group++) {
    const uint8_t *source = arena + step->input.offset + (size_t)group * take->source_stride;
    uint8_t *destination = arena + step->output.offset + (size_t)group * take->destination_stride;
    if (shuffle.page_count == 1) {
      shuffle_page(&shuffle, source, destination);
    } else {
      shuffle_pages(&shuffle, source, destination);
    }
  }
  // Groups of which the range holds a part.
  nn_range head = range, tail = range;
  head.row_end = nn_min(range.row_end, first * take->count);
  tail.row_begin = nn_max(head.row_end, end * take->count);
  nn_take_bytes(step, arena, scratch, head);
  nn_take_bytes(step, arena, scratch, tail);
}

#endif
