#define _GNU_SOURCE
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

static void use_fixed_addresses(char **argv) {
  int persona = personality(0xFFFFFFFF);
  if (persona < 0 || persona & ADDR_NO_RANDOMIZE) return;
  if (personality((unsigned long)persona | ADDR_NO_RANDOMIZE) < 0) return;
  execv("/proc/self/exe", argv);
}

static void usage(void) {
  fputs("usage: [--seed N] [--seconds N] [--runs N] [--artifacts FOLDER] [--input FILE] TARGET …\n",
        stderr);
  exit(2);
}

fuzz_arguments fuzz_read_arguments(int argc, char **argv) {
  fuzz_arguments arguments = {.options = {.seed = 1}};
  int i = 1;
  use_fixed_addresses(argv);
  for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
    const char *name = argv[i] + 2, *value = argv[i + 1];
    if (strcmp(name, "seed") == 0) {
      arguments.options.seed = strtoull(value, NULL, 10);
    } else if (strcmp(name, "seconds") == 0) {
      arguments.options.seconds = strtod(value, NULL);
    } else if (strcmp(name, "runs") == 0) {
      arguments.options.runs = strtoull(value, NULL, 10);
    } else if (strcmp(name, "artifacts") == 0) {
      arguments.options.artifacts = value;
    } else if (strcmp(name, "input") == 0) {
      arguments.replay = value;
    } else {
      usage();
    }
  }
  if (i >= argc) usage();
  arguments.target = argv[i];
  arguments.rest = argv + i + 1;
  arguments.rest_count = argc - i - 1;
  if (arguments.options.seconds <= 0 && !arguments.options.runs) arguments.options.seconds = 60;
  return arguments;
}

uint8_t *fuzz_read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  uint8_t *bytes = NULL;
  if (!file) return NULL;
  if (fseek(file, 0, SEEK_END) == 0 && ftell(file) >= 0) {
    *length = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*length + 1);
    if (bytes && fread(bytes, 1, *length, file) != *length) {
      free(bytes);
      bytes = NULL;
    }
  }
  fclose(file);
  return bytes;
}

int fuzz_go(const fuzz_arguments *arguments, relais_fuzz *fuzz, const relais_fuzz_target *target) {
  size_t length = 0;
  if (!arguments->replay) return relais_fuzz_run(fuzz, target);
  uint8_t *bytes = fuzz_read_file(arguments->replay, &length);
  if (!bytes) {
    fprintf(stderr, "%s cannot be read\n", arguments->replay);
    return 2;
  }
  int status = relais_fuzz_replay(fuzz, target, bytes, length);
  free(bytes);
  return status;
}
