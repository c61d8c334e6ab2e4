/* What the files of the driver share. */
#ifndef RELAIS_FUZZ_DRIVER_H
#define RELAIS_FUZZ_DRIVER_H

#include "CRelaisFuzz.h"

enum { FUZZ_WORDS = 4096, FUZZ_WORD_LENGTH = 64, FUZZ_INPUTS = 8192, FUZZ_OUTCOMES = 1 << 16 };

typedef struct fuzz_bytes {
  uint8_t *bytes;
  size_t length;
} fuzz_bytes;

struct relais_fuzz {
  relais_fuzz_options options;
  uint64_t random;
  fuzz_bytes inputs[FUZZ_INPUTS];
  size_t input_count;
  fuzz_bytes words[FUZZ_WORDS];
  size_t word_count;
  uint8_t outcomes[FUZZ_OUTCOMES]; /* seen */
  uint8_t steps[FUZZ_OUTCOMES];    /* seen */
  uint8_t scratch[RELAIS_FUZZ_MAX_LENGTH];
};

#endif
