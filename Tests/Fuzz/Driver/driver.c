#define _GNU_SOURCE
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_INPUT_SECONDS = 10, DEFAULT_MEMORY_MB = 512, PATH_LENGTH = 1024, STACK = 64 * 1024 };

/* What the signal handler needs. */
static struct {
  const relais_fuzz_target *target;
  const uint8_t *bytes;
  size_t length;
  uint64_t runs, seed;
  double started; /* processor time when the input began; 0: none runs */
  double limit;
  const char *artifacts;
  const char *reason;
  volatile sig_atomic_t is_saving;
} watch;

/* ---- Coverage: called at every step of code compiled with -fsanitize-coverage=trace-pc ---- */

static uint8_t steps[FUZZ_OUTCOMES];
static uintptr_t last_step;

__attribute__((visibility("default"))) void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {
  uintptr_t here = (uintptr_t)__builtin_return_address(0);
  here ^= here >> 15;
  steps[(here ^ last_step) % FUZZ_OUTCOMES] = 1;
  last_step = here >> 1;
}

/* ---- Faults ---- */

static double processor_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double wall_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t fingerprint(const uint8_t *bytes, size_t length) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * 0x100000001B3u;
  return hash;
}

/* Writes the input at fault and says where. Runs in a signal handler: nothing here allocates. */
static void save(const char *reason) {
  static char path[PATH_LENGTH], line[2 * PATH_LENGTH];
  if (watch.is_saving) return;
  watch.is_saving = 1;
  const char *folder = watch.artifacts ? watch.artifacts : ".";
  uint64_t hash = fingerprint(watch.bytes, watch.length);
  snprintf(path, sizeof path, "%s/%s-%016llx", folder, watch.target->name,
           (unsigned long long)hash);
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  size_t written = 0;
  while (file >= 0 && written < watch.length) {
    ssize_t count = write(file, watch.bytes + written, watch.length - written);
    if (count <= 0) break;
    written += (size_t)count;
  }
  if (file >= 0) close(file);
  int length = snprintf(line, sizeof line,
                        "FAULT %s: %s after %llu runs, seed %llu\n  input: %s (%zu bytes)\n",
                        watch.target->name, reason, (unsigned long long)watch.runs,
                        (unsigned long long)watch.seed, path, watch.length);
  if (length > 0 && write(STDOUT_FILENO, line, (size_t)length) < 0) _exit(1);
}

static void on_fault(int number) {
  if (watch.started > 0) {
    char reason[64];
    snprintf(reason, sizeof reason, "signal %d", number);
    save(watch.reason ? watch.reason : reason);
  }
  signal(number, SIG_DFL);
  raise(number);
}

static void on_timer(int number) {
  (void)number;
  if (watch.started > 0 && processor_seconds() - watch.started > watch.limit) {
    save("it takes longer than one input may");
    _exit(1);
  }
}

void relais_fuzz_fault(const char *reason) {
  watch.reason = reason;
  abort();
}

static void install_watch(const relais_fuzz *fuzz, const relais_fuzz_target *target) {
  static uint8_t stack[STACK];
  static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT};
  const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK};
  const struct itimerval second = {{1, 0}, {1, 0}};
  sigaltstack(&alternative, NULL);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigaction(faults[i], &action, NULL);
  action.sa_handler = on_timer;
  action.sa_flags = SA_ONSTACK | SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  /* Whoever started this may have had them blocked. */
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &action.sa_mask, NULL);
  setitimer(ITIMER_REAL, &second, NULL);
  watch.target = target;
  watch.seed = fuzz->options.seed;
  watch.artifacts = fuzz->options.artifacts;
  watch.limit =
      (double)(fuzz->options.input_seconds ? fuzz->options.input_seconds : DEFAULT_INPUT_SECONDS);
}

/* ---- Running ---- */

static size_t resident_bytes(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (size_t)usage.ru_maxrss * 1024;
}

/* 1 when the input came to something that none has come to before. */
static int run_input(relais_fuzz *fuzz, const uint8_t *bytes, size_t length) {
  /* Exactly so long, so that AddressSanitizer sees a read past the end. */
  uint8_t *exact = malloc(length ? length : 1);
  int is_new = 0;
  if (!exact) relais_fuzz_fault("the driver's own memory is out");
  memcpy(exact, bytes, length);
  watch.bytes = exact;
  watch.length = length;
  watch.runs += 1;
  last_step = 0;
  watch.started = processor_seconds();
  uint64_t outcome = watch.target->run(watch.target->context, exact, length);
  watch.started = 0;
  uint8_t *seen = &fuzz->outcomes[(outcome ^ outcome >> 16 ^ outcome >> 32) % FUZZ_OUTCOMES];
  if (!*seen) is_new = *seen = 1;
  for (size_t i = 0; i < FUZZ_OUTCOMES; i += 8) {
    uint64_t now, before;
    memcpy(&now, steps + i, 8);
    if (!now) continue;
    memcpy(&before, fuzz->steps + i, 8);
    if (now & ~before) is_new = 1;
    before |= now;
    memcpy(fuzz->steps + i, &before, 8);
    memset(steps + i, 0, 8);
  }
  free(exact);
  return is_new;
}

static void keep(relais_fuzz *fuzz, const uint8_t *bytes, size_t length) {
  uint8_t *copy = malloc(length ? length : 1);
  if (!copy) return;
  memcpy(copy, bytes, length);
  size_t at = fuzz->input_count;
  if (at == FUZZ_INPUTS) {
    at = relais_fuzz_next(fuzz, FUZZ_INPUTS);
    free(fuzz->inputs[at].bytes);
  } else {
    fuzz->input_count += 1;
  }
  fuzz->inputs[at] = (fuzz_bytes){copy, length};
}

static size_t next_input(relais_fuzz *fuzz, uint8_t *buffer) {
  const relais_fuzz_target *target = watch.target;
  size_t recent = fuzz->input_count > 64 && relais_fuzz_next(fuzz, 2) ? fuzz->input_count - 64 : 0;
  size_t pick = recent + relais_fuzz_next(fuzz, (uint32_t)(fuzz->input_count - recent));
  size_t length = fuzz->inputs[pick].length;
  memcpy(buffer, fuzz->inputs[pick].bytes, length);
  if (target->mutate && relais_fuzz_next(fuzz, 8)) {
    size_t changed = target->mutate(target->context, fuzz, buffer, length);
    if (changed) return changed;
  }
  return relais_fuzz_mutate_bytes(fuzz, buffer, length, RELAIS_FUZZ_MAX_LENGTH);
}

static void check_memory(const relais_fuzz *fuzz, size_t before, const uint8_t *bytes,
                         size_t length) {
  size_t limit = fuzz->options.memory ? fuzz->options.memory : (size_t)DEFAULT_MEMORY_MB << 20;
  if (resident_bytes() <= before + limit) return;
  watch.bytes = bytes;
  watch.length = length;
  save("it takes more memory than one input may");
  _exit(1);
}

int relais_fuzz_run(relais_fuzz *fuzz, const relais_fuzz_target *target) {
  static uint8_t buffer[RELAIS_FUZZ_MAX_LENGTH];
  double start = wall_seconds();
  install_watch(fuzz, target);
  if (!fuzz->input_count) keep(fuzz, buffer, 0);
  size_t seeds = fuzz->input_count;
  for (size_t i = 0; i < seeds; i++) run_input(fuzz, fuzz->inputs[i].bytes, fuzz->inputs[i].length);
  size_t before = resident_bytes();
  const relais_fuzz_options *options = &fuzz->options;
  for (uint64_t run = 0; !options->runs || run < options->runs; run++) {
    if (options->seconds > 0 && wall_seconds() - start >= options->seconds) break;
    size_t length = next_input(fuzz, buffer);
    if (run_input(fuzz, buffer, length)) keep(fuzz, buffer, length);
    check_memory(fuzz, before, buffer, length);
  }
  setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
  printf("ok    %-18s %8llu runs in %3.0f s, seed %llu; %zu inputs to begin with, %zu found\n",
         target->name, (unsigned long long)watch.runs, wall_seconds() - start,
         (unsigned long long)options->seed, seeds, fuzz->input_count - seeds);
  fflush(stdout);
  return 0;
}

int relais_fuzz_replay(relais_fuzz *fuzz, const relais_fuzz_target *target, const uint8_t *bytes,
                       size_t length) {
  install_watch(fuzz, target);
  size_t before = resident_bytes();
  run_input(fuzz, bytes, length);
  check_memory(fuzz, before, bytes, length);
  printf("ok    %s took the input of %zu bytes\n", target->name, length);
  return 0;
}

/* ---- Making ---- */

relais_fuzz *relais_fuzz_create(relais_fuzz_options options) {
  relais_fuzz *fuzz = calloc(1, sizeof *fuzz);
  if (!fuzz) return NULL;
  fuzz->options = options;
  fuzz->random = options.seed;
  return fuzz;
}

void relais_fuzz_destroy(relais_fuzz *fuzz) {
  if (!fuzz) return;
  for (size_t i = 0; i < fuzz->input_count; i++) free(fuzz->inputs[i].bytes);
  for (size_t i = 0; i < fuzz->word_count; i++) free(fuzz->words[i].bytes);
  free(fuzz);
}

void relais_fuzz_add(relais_fuzz *fuzz, const uint8_t *bytes, size_t length) {
  if (length > RELAIS_FUZZ_MAX_LENGTH) length = RELAIS_FUZZ_MAX_LENGTH;
  keep(fuzz, bytes, length);
  relais_fuzz_add_words(fuzz, bytes, length);
}
