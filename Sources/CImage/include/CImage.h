// PNG and JPEG files to 8-bit pixels: libpng and libjpeg-turbo report errors by longjmp, which Swift cannot receive.
#ifndef NN_IMAGE_H
#define NN_IMAGE_H

#include <stddef.h>
#include <stdint.h>

enum { NN_IMAGE_MESSAGE_BYTES = 256 };

typedef struct nn_image {
  int32_t width, height;
  int32_t channels;  // 1 gray, 3 RGB
} nn_image;

// All return 1 on success. On failure they return 0 and fill message, a buffer of NN_IMAGE_MESSAGE_BYTES.
// read_header reads the size only, so that the caller can refuse it before allocating pixels.
// decode writes height x width x channels bytes, rows from the top; pixel_byte_count is the size of the buffer and must be that.
// Alpha is dropped, 16-bit samples are cut to their upper 8 bits, gamma and colour profiles are not applied.
int nn_png_read_header(const uint8_t *bytes, size_t byte_count, nn_image *image, char *message);
int nn_png_decode(const uint8_t *bytes, size_t byte_count, uint8_t *pixels, size_t pixel_byte_count, char *message);
int nn_jpeg_read_header(const uint8_t *bytes, size_t byte_count, nn_image *image, char *message);
int nn_jpeg_decode(const uint8_t *bytes, size_t byte_count, uint8_t *pixels, size_t pixel_byte_count, char *message);

#endif
