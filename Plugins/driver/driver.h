/* What the files of the fixture driver share. SPDX-License-Identifier: Apache-2.0 */
#ifndef DRIVER_H
#define DRIVER_H

#include <jansson.h>

#include "relais/jansson.h"
#include "relais/plugin.h"

/* Scratch memory of one call: every block on its own, so that AddressSanitizer sees each overrun
 * and late use. */
typedef struct driver_arena {
  void **blocks;
  size_t count, capacity;
  size_t allocations; /* asked for by the plugin */
  size_t fail_from;   /* the first allocation that fails; 0: none */
} driver_arena;

/* Never NULL: exits when memory is short. */
void *driver_arena_take(driver_arena *arena, size_t size);
void driver_arena_free(driver_arena *arena);

/* Says what is wrong with the fixture, and exits with 2. */
void driver_fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* When it is set it is called instead, and does not return: for programs that go on with another
 * fixture. */
extern void (*driver_failed)(void);

/* An exact copy without a NUL behind it, so that AddressSanitizer sees a read past the end. */
relais_str driver_str(driver_arena *arena, const char *text, size_t length);

/* events.c: the fixture's canonical JSON as the structs of event.h, in the arena. */
relais_list driver_events(driver_arena *arena, const json_t *events, int with_json);

/* output.c: what the plugin said, as JSON. */
typedef struct driver_result {
  driver_arena *arena;
  relais_call writer_call;  /* memory of the writers */
  relais_json requests, settled, diagnostics;
  uint32_t event_count;
  uint32_t *covered;        /* how often each event was covered */
  uint64_t *in_parts;       /* bits of the parts each event was covered in */
  relais_str parts[64];
  uint32_t part_count;
  uint32_t encoding;        /* 1: encode, 0: classify */
  uint32_t refuse_from;     /* the first output that is refused with RELAIS_E_LIMIT; 0: none */
  uint32_t outputs;
  uint32_t faults;
  char fault[256];
} driver_result;

void driver_result_start(driver_result *result, driver_arena *arena, uint32_t event_count,
                         int encoding);
void driver_result_fault(driver_result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void driver_diagnose(void *result, relais_level level, relais_str pointer, relais_str message);
relais_status driver_request(void *result, const relais_request *request);
relais_status driver_settle(void *result, uint32_t event, const relais_verdict *verdict);
/* Checks the coverage of an encode call that succeeded. */
void driver_result_check(driver_result *result);
/* The members of the result, into an object that is open. */
void driver_result_write(driver_result *result, relais_json *json, relais_status status);

/* host.c: the context of a relais_call, its arena and the place for its messages. */
typedef struct driver_call_context {
  driver_arena *arena;
  driver_result *result;
} driver_call_context;

relais_call driver_call(driver_call_context *context, int64_t now, uint64_t seed);

/* The services of a host: logged lines and sums of counters are kept. Starts with zeroes. */
enum { DRIVER_METRICS = 32 };
typedef struct driver_host {
  relais_host host;
  driver_arena output;
  relais_call writer_call;
  relais_json log;
  uint32_t metric_count;
  char metrics[DRIVER_METRICS][64];
  double sums[DRIVER_METRICS];
} driver_host;

void driver_host_start(driver_host *host);

/* Memory of a driver_arena, as a relais_call's alloc. */
void *driver_log_alloc(void *arena, size_t size, size_t align);

/* The table of a library; fails when there is none. */
const relais_plugin *driver_load(const char *path);

/* Whether a manifest asks for event_json; a table without one does not say, and gets it. */
int driver_wants_json(relais_str manifest);

#endif
