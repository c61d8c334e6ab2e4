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

#endif
