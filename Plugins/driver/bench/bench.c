/* bench - how long a plugin takes to encode its events and to classify the answers.
 *
 *     bench PLUGIN.so FIXTURE.json [ROUNDS]
 *
 * The fixture is one of the driver's: all its events are one batch, and the body of its first
 * exchange answers every request. Prints {"events", "requests", "bytes", "microseconds": [],
 * "jansson_microseconds": []}: for each round the CPU time an event took, and that which jansson
 * needs to parse and to dump the same event. Build it without sanitizers.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../driver.h"

enum { ARENA_BYTES = 64 << 20, MAX_REQUESTS = 4096, DEFAULT_ROUNDS = 5, ROUND_MS = 200 };

typedef struct bench {
  const relais_plugin *plugin;
  relais_instance *instance;
  driver_arena fixture_memory;
  relais_list events;
  relais_exchange exchange;
  int64_t now_ms;
  /* Of one call. */
  char *arena;
  size_t used;
  /* What the host would keep of a call: its bytes, and how many events each request carries. */
  char *copy;
  size_t copied;
  uint32_t requests, settled;
  uint32_t counts[MAX_REQUESTS];
} bench;

static void *bench_alloc(void *ctx, size_t size, size_t align) {
  bench *b = ctx;
  size_t start = (b->used + align - 1) & ~(align - 1);
  if (size > ARENA_BYTES - start) return NULL;
  b->used = start + size;
  return b->arena + start;
}

static uint32_t bench_cancelled(void *ctx) {
  (void)ctx;
  return 0;
}

static void bench_diagnose(void *ctx, relais_level level, relais_str pointer, relais_str message) {
  (void)ctx;
  (void)pointer;
  if (level >= RELAIS_ERROR) driver_fail("%.*s", (int)message.len, message.ptr);
}

static void keep(bench *b, relais_str text) {
  if (!text.len) return;
  if (text.len > ARENA_BYTES - b->copied) driver_fail("the requests are too large");
  memcpy(b->copy + b->copied, text.ptr, text.len);
  b->copied += text.len;
}

static relais_status bench_request(void *ctx, const relais_request *request) {
  bench *b = ctx;
  if (b->requests == MAX_REQUESTS) return RELAIS_E_LIMIT;
  keep(b, request->url);
  keep(b, request->body);
  b->counts[b->requests++] = request->events.count;
  return RELAIS_OK;
}

static relais_status bench_settle(void *ctx, uint32_t event, const relais_verdict *verdict) {
  (void)event;
  if (verdict->code != RELAIS_DELIVERED)
    driver_fail("an event was not delivered: %.*s", (int)verdict->reason.len, verdict->reason.ptr);
  ((bench *)ctx)->settled += 1;
  return RELAIS_OK;
}

static relais_call bench_call(bench *b) {
  b->used = 0;
  return (relais_call){.struct_size = sizeof(relais_call),
                       .ctx = b,
                       .now_ms = b->now_ms,
                       .deadline_ms = b->now_ms + 10000,
                       .seed = 1,
                       .alloc = bench_alloc,
                       .cancelled = bench_cancelled,
                       .diagnose = bench_diagnose};
}

static void run_batch(bench *b) {
  relais_output output = {sizeof output, 0, b, bench_request, bench_settle};
  relais_call call = bench_call(b);
  b->requests = b->settled = 0;
  b->copied = 0;
  if (b->plugin->encode(b->instance, &call, b->events, &output)) driver_fail("encode failed");
  for (uint32_t i = 0; i < b->requests; i++) {
    call = bench_call(b);
    b->exchange.event_count = b->counts[i];
    if (b->plugin->classify(b->instance, &call, &b->exchange, &output))
      driver_fail("classify failed");
  }
  if (!b->requests || b->settled < b->requests) driver_fail("not every request has its verdict");
}

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Microseconds an event of one round. */
static double time_plugin(bench *b) {
  double start = now_us(), end;
  uint64_t batches = 0;
  do {
    run_batch(b);
    batches += 1;
    end = now_us();
  } while (end - start < ROUND_MS * 1e3);
  return (end - start) / (double)(batches * b->events.count);
}

static double time_jansson(const json_t *events) {
  size_t count = json_array_size(events);
  uint64_t turns = 0;
  double taken = 0;
  while (taken < ROUND_MS * 1e3) {
    for (size_t i = 0; i < count; i++) {
      char *text = json_dumps(json_array_get(events, i), JSON_COMPACT);
      size_t length = strlen(text);
      double start = now_us();
      json_t *parsed = json_loadb(text, length, 0, NULL);
      char *dumped = json_dumps(parsed, JSON_COMPACT);
      taken += now_us() - start;
      free(dumped);
      json_decref(parsed);
      free(text);
    }
    turns += count;
  }
  return taken / (double)turns;
}

static void open_plugin(bench *b, const char *path, const json_t *fixture, driver_host *host) {
  char *config = json_dumps(json_object_get(fixture, "config"), JSON_COMPACT);
  relais_call call;
  if (!config) driver_fail("\"config\" must be an object");
  b->plugin = driver_load(path);
  driver_host_start(host);
  call = bench_call(b);
  if (b->plugin->create(&host->host, &call, (relais_str){config, strlen(config)}, &b->instance))
    driver_fail("create failed");
  free(config);
}

static void read_exchange(bench *b, const json_t *exchange) {
  const json_t *body = json_object_get(exchange, "body");
  char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
  b->exchange = (relais_exchange){.struct_size = sizeof b->exchange, .elapsed_ms = 10};
  b->exchange.status = (int32_t)relais_jansson_int(exchange, "status", 200);
  if (text) b->exchange.body = driver_str(&b->fixture_memory, text, strlen(text));
  free(text);
}

static void print_list(const char *name, const double *values, long count) {
  printf(",\"%s\":[", name);
  for (long i = 0; i < count; i++) printf("%s%.3f", i ? "," : "", values[i]);
  putchar(']');
}

int main(int argc, char **argv) {
  static bench b;
  static driver_host host;
  json_error_t error;
  long rounds = argc > 3 ? strtol(argv[3], NULL, 10) : DEFAULT_ROUNDS;
  double taken[100], jansson[100];
  if (argc < 3 || rounds < 1 || rounds > 100)
    driver_fail("usage: bench PLUGIN.so FIXTURE.json [ROUNDS]");
  json_t *fixture = json_load_file(argv[2], 0, &error);
  if (!fixture) driver_fail("%s:%d: %s", argv[2], error.line, error.text);
  const json_t *events = json_object_get(fixture, "events");
  b.arena = malloc(ARENA_BYTES);
  b.copy = malloc(ARENA_BYTES);
  if (!b.arena || !b.copy) driver_fail("out of memory");
  b.now_ms = relais_jansson_int(fixture, "now_ms", 1700000000000);
  open_plugin(&b, argv[1], fixture, &host);
  b.events = driver_events(&b.fixture_memory, events, driver_wants_json(b.plugin->manifest));
  read_exchange(&b, json_array_get(json_object_get(fixture, "exchanges"), 0));
  run_batch(&b);
  for (long i = 0; i < rounds; i++) {
    taken[i] = time_plugin(&b);
    jansson[i] = time_jansson(events);
  }
  printf("{\"events\":%u,\"requests\":%u,\"bytes\":%zu", b.events.count, b.requests, b.copied);
  print_list("microseconds", taken, rounds);
  print_list("jansson_microseconds", jansson, rounds);
  puts("}");
  b.plugin->destroy(b.instance);
  json_decref(fixture);
  driver_arena_free(&b.fixture_memory);
  driver_arena_free(&host.output);
  free(b.arena);
  free(b.copy);
  return 0;
}
