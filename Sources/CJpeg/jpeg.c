#include "CJpeg.h"
#include <stddef.h>
#include <stdio.h>
#include <jpeglib.h>
int nn_jpeg_version(void) { return JPEG_LIB_VERSION; }
