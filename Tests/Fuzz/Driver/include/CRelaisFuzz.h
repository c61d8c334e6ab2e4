/* CRelaisFuzz.h - throws mutated inputs at a function until it crashes, hangs, swells or time is
 * up. One driver for what is written in Swift and for what is written in C.
 * SPDX-License-Identifier: Apache-2.0
 *
 * An input is kept and mutated further when running it came to something new: an outcome that the
 * function tells, or, in code compiled with -fsanitize-coverage=trace-pc, a step from one place to
 * another that no input took before. The same seed, inputs and number of runs: the same runs. */
#ifndef CRELAISFUZZ_H
#define CRELAISFUZZ_H

#include <stddef.h>
#include <stdint.h>

enum { RELAIS_FUZZ_MAX_LENGTH = 64 * 1024 };

typedef struct relais_fuzz relais_fuzz;

/* What is tried. */
typedef struct relais_fuzz_target {
  const char *name;
  void *context;
  /* Runs one input and returns a number for what came of it. */
  uint64_t (*run)(void *context, const uint8_t *bytes, size_t length);
  /* Changes `length` bytes in place, in room for RELAIS_FUZZ_MAX_LENGTH; returns the new length, 0
   * when it cannot. May be NULL: bytes are changed as bytes. */
  size_t (*mutate)(void *context, relais_fuzz *fuzz, uint8_t *bytes, size_t length);
} relais_fuzz_target;

/* How long, and where to. */
typedef struct relais_fuzz_options {
  uint64_t seed;
  double seconds;         /* until then; 0: no limit of time */
  uint64_t runs;          /* so many; 0: no limit of number */
  uint64_t input_seconds; /* processor time for one input; 0: 10 */
  uint64_t memory;        /* bytes that it may take beyond what the first inputs took; 0: 512 MiB */
  const char *artifacts;  /* a folder for the input at fault; NULL: the current one */
} relais_fuzz_options;

/* NULL when memory is out. */
relais_fuzz *relais_fuzz_create(relais_fuzz_options options);
void relais_fuzz_destroy(relais_fuzz *fuzz);

/* Adds an input to begin with, cut at RELAIS_FUZZ_MAX_LENGTH; its words are thrown in elsewhere
 * too. */
void relais_fuzz_add(relais_fuzz *fuzz, const uint8_t *bytes, size_t length);

/* Words of a text that is no input itself, for instance of a fixture. */
void relais_fuzz_add_words(relais_fuzz *fuzz, const uint8_t *bytes, size_t length);

/* Runs the target and prints a line on what came of it. 0; a fault ends the process, with the
 * input in a file. */
int relais_fuzz_run(relais_fuzz *fuzz, const relais_fuzz_target *target);

/* Runs one input under the same watch. */
int relais_fuzz_replay(relais_fuzz *fuzz, const relais_fuzz_target *target, const uint8_t *bytes,
                       size_t length);

/* Says what a target found wrong with what it tried, and ends the process as a crash does. */
void relais_fuzz_fault(const char *reason) __attribute__((noreturn));

/* A number below `below`, for mutators. */
uint32_t relais_fuzz_next(relais_fuzz *fuzz, uint32_t below);

/* Changes bytes as bytes: the mutator that is used without one. */
size_t relais_fuzz_mutate_bytes(relais_fuzz *fuzz, uint8_t *bytes, size_t length, size_t capacity);

#endif
