/* The command line that the native fuzz programs share. */
#ifndef FUZZ_OPTIONS_H
#define FUZZ_OPTIONS_H

#include <CRelaisFuzz.h>

typedef struct fuzz_arguments {
  relais_fuzz_options options;
  const char *target;
  const char *replay;   /* NULL: none */
  char **rest;          /* what is no option */
  int rest_count;
} fuzz_arguments;

/* Reads --seed N --seconds N --runs N --artifacts FOLDER --input FILE, then TARGET and the rest.
 * Exits with 2 on anything else. Starts the program again without randomised addresses, so that
 * the same seed gives the same runs. */
fuzz_arguments fuzz_read_arguments(int argc, char **argv);

/* The bytes of a file, to be freed; NULL when it cannot be read. */
uint8_t *fuzz_read_file(const char *path, size_t *length);

/* Runs or replays the target, as asked. */
int fuzz_go(const fuzz_arguments *arguments, relais_fuzz *fuzz, const relais_fuzz_target *target);

#endif
