/* zlib for Swift, which cannot import the macro deflateInit2. */
#include <zlib.h>

/* A gzip stream at the highest level. */
static inline int relais_gzip_begin(z_stream *stream) {
  return deflateInit2(stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY);
}
