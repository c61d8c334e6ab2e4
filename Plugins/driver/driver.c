/* driver - runs a destination plugin over a fixture and prints what it said, as JSON on one line.
 *
 *     driver [--stress] PLUGIN.so FIXTURE.json
 *
 * Build it with the sanitizers of the plugin: make -C Plugins/driver SANITIZE=address,undefined
 * Exit status: 0 done, 1 the plugin broke the contract (see "fault" in the output), 2 usage, or a
 * fixture that is wrong. --stress repeats each call with scratch memory, and then output, that ends
 * after 0, 1, 2, ... uses.
 *
 * The fixture is one object:
 *   config        the configuration, with defaults filled in
 *   now_ms, seed  of every call
 *   events        canonical events, as Event.json() writes them: scalars, items, params, click_ids,
 *                 cookies, client_hints, user_properties, consent {purpose: state, vendors: {}},
 *                 ga4 [[key, value], ...], user_data at rest [{kind, recipe, value, group}];
 *                 besides send_as, attempt and flags ["test", "replay", "late", "consent_update"].
 *                 A number may be a string, to fix its digits; in parameters {"$number": "10.00"}.
 *   exchanges     for classify: name, status or transport ("dns", "connect", "tls",
 *                 "timeout_before_send", "timeout_after_send", "reset", "too_large"), headers {},
 *                 body (a string, or JSON that is sent compact) or body_hex, events (how many, 1),
 *                 note, truncated, elapsed_ms
 * and is printed as:
 *   create        {status, diagnostics}, when there is something to say
 *   encode        {status, requests [{method, url, headers, body, events, flags, note}], settled,
 *                 diagnostics}
 *   classify      [{name, status, settled [{event: index or "all", verdict, reason, detail, key,
 *                 retry_after_ms}], diagnostics}]
 *   metrics       {name: sum}
 *   log           [message]
 * A body that is JSON stands there as it is, digit for digit; another one is a string.
 * SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

enum { MAX_METRICS = 32, HUGE_STRESS = 100000 };

typedef struct driver {
  const relais_plugin *plugin;
  relais_instance *instance;
  json_t *fixture;
  driver_arena output; /* of what is printed */
  relais_json json;
  relais_host host;
  int with_json;
  uint32_t metric_count;
  char metrics[MAX_METRICS][64];
  double sums[MAX_METRICS];
  relais_json log;
  uint32_t faults;
} driver;

void driver_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("driver: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(2);
}

void *driver_arena_take(driver_arena *arena, size_t size) {
  if (arena->count == arena->capacity) {
    arena->capacity = arena->capacity ? arena->capacity * 2 : 64;
    arena->blocks = realloc(arena->blocks, arena->capacity * sizeof *arena->blocks);
    if (!arena->blocks) driver_fail("out of memory");
  }
  void *block = malloc(size ? size : 1);
  if (!block) driver_fail("out of memory");
  arena->blocks[arena->count++] = block;
  return block;
}

void driver_arena_free(driver_arena *arena) {
  for (size_t i = 0; i < arena->count; i++) free(arena->blocks[i]);
  free(arena->blocks);
  *arena = (driver_arena){0};
}

relais_str driver_str(driver_arena *arena, const char *text, size_t length) {
  char *copy = driver_arena_take(arena, length);
  memcpy(copy, text, length);
  return (relais_str){copy, length};
}

/* The context of a relais_call: its arena and the place for its messages. */
typedef struct call_context {
  driver_arena *arena;
  driver_result *result;
} call_context;

static void *call_alloc(void *ctx, size_t size, size_t align) {
  driver_arena *arena = ((call_context *)ctx)->arena;
  if (!align || (align & (align - 1)) || align > 64)
    driver_result_fault(((call_context *)ctx)->result, "alloc: align %zu", align);
  arena->allocations += 1;
  if (arena->fail_from && arena->allocations >= arena->fail_from) return NULL;
  char *block = driver_arena_take(arena, size + align);
  memset(block, 0xa5, size + align);
  /* The end of the block is where the plugin's memory ends, as far as the alignment allows. */
  size_t slack = (size_t)(uintptr_t)(block + align) % align;
  return block + align - slack;
}

static uint32_t call_cancelled(void *ctx) {
  (void)ctx;
  return 0;
}

static void call_diagnose(void *ctx, relais_level level, relais_str pointer, relais_str message) {
  driver_diagnose(((call_context *)ctx)->result, level, pointer, message);
}

static relais_call make_call(const driver *d, call_context *context) {
  int64_t now = relais_jansson_int(d->fixture, "now_ms", 1700000000000);
  return (relais_call){.struct_size = sizeof(relais_call),
                       .ctx = context,
                       .now_ms = now,
                       .deadline_ms = now + 10000,
                       .batch_id = 1,
                       .seed = (uint64_t)relais_jansson_int(d->fixture, "seed", 1),
                       .alloc = call_alloc,
                       .cancelled = call_cancelled,
                       .diagnose = call_diagnose};
}

static void *log_alloc(void *ctx, size_t size, size_t align) {
  (void)align;
  return driver_arena_take(ctx, size);
}

static void host_log(void *ctx, relais_level level, relais_str message) {
  (void)level;
  relais_json_string(&((driver *)ctx)->log, message);
}

static uint32_t host_log_enabled(void *ctx, relais_level level) {
  (void)ctx;
  return level >= RELAIS_INFO;
}

static uint32_t host_metric(void *ctx, relais_str name, relais_str unit) {
  driver *d = ctx;
  (void)unit;
  if (d->metric_count == MAX_METRICS || name.len >= sizeof d->metrics[0]) return 0;
  memcpy(d->metrics[d->metric_count], name.ptr, name.len);
  d->metrics[d->metric_count][name.len] = '\0';
  return ++d->metric_count;
}

static void host_metric_add(void *ctx, uint32_t metric, double value) {
  driver *d = ctx;
  if (metric && metric <= d->metric_count) d->sums[metric - 1] += value;
}

static const void *host_extension(void *ctx, relais_str id) {
  (void)ctx;
  (void)id;
  return NULL;
}

static void close_result(driver *d, driver_result *result, relais_status status) {
  driver_result_write(result, &d->json, status);
  d->faults += result->faults;
}

static int create(driver *d) {
  driver_arena arena = {0};
  driver_result result;
  call_context context = {&arena, &result};
  relais_call call = make_call(d, &context);
  char *config = json_dumps(json_object_get(d->fixture, "config"), JSON_COMPACT);
  if (!config) driver_fail("\"config\" must be an object");
  driver_result_start(&result, &d->output, 0, 0);
  relais_str text = driver_str(&arena, config, strlen(config));
  free(config);
  relais_status status = d->plugin->create(&d->host, &call, text, &d->instance);
  if ((status == RELAIS_OK) != (d->instance != NULL))
    driver_result_fault(&result, "create: status %d and instance %s", status,
                        d->instance ? "made" : "NULL");
  if (status || result.faults || result.diagnostics.at.length > 1) {
    relais_json_key(&d->json, RELAIS_STR("create"));
    relais_json_begin_object(&d->json);
    close_result(d, &result, status);
    relais_json_end_object(&d->json);
  }
  driver_arena_free(&arena);
  return status == RELAIS_OK && d->instance;
}

/* One encode call; returns how often it allocated and put out, and the result as text in the arena
 * of `output`. */
static relais_status encode_once(driver *d, driver_arena *output, size_t fail_from,
                                 uint32_t refuse_from,
                                 relais_str *text, size_t *allocations, uint32_t *outputs,
                                 uint32_t *faults) {
  const json_t *events = json_object_get(d->fixture, "events");
  driver_arena arena = {0}, scratch = {0};
  driver_result result;
  call_context context = {&scratch, &result};
  relais_call call = make_call(d, &context);
  relais_call writer_call = {.ctx = output, .alloc = log_alloc};
  relais_json json;
  relais_output out = {sizeof out, 0, &result, driver_request, driver_settle};
  driver_result_start(&result, output, (uint32_t)json_array_size(events), 1);
  result.refuse_from = refuse_from;
  scratch.fail_from = fail_from;
  relais_list list = driver_events(&arena, events, d->with_json);
  relais_status status = d->plugin->encode(d->instance, &call, list, &out);
  if (allocations) *allocations = scratch.allocations;
  if (outputs) *outputs = result.outputs;
  driver_arena_free(&scratch);
  driver_arena_free(&arena);
  if (status == RELAIS_OK) driver_result_check(&result);
  if (status == RELAIS_OK && refuse_from && result.outputs >= refuse_from)
    driver_result_fault(&result, "encode: OK although an output was refused");
  if (status > 0) driver_result_fault(&result, "encode: status %d", status);
  relais_json_start(&json, &writer_call, 4096);
  relais_json_begin_object(&json);
  driver_result_write(&result, &json, status);
  relais_json_end_object(&json);
  *text = relais_json_finish(&json);
  *faults += result.faults;
  return status;
}

static void encode(driver *d, int stress) {
  relais_str first, second;
  size_t allocations;
  uint32_t outputs;
  encode_once(d, &d->output, 0, 0, &first, &allocations, &outputs, &d->faults);
  relais_json_key(&d->json, RELAIS_STR("encode"));
  relais_json_raw(&d->json, first);
  encode_once(d, &d->output, 0, 0, &second, NULL, NULL, &d->faults);
  if (first.len != second.len || memcmp(first.ptr, second.ptr, first.len)) {
    relais_json_put_string(&d->json, RELAIS_STR("fault"),
                           RELAIS_STR("encode: twice the same call, two results"));
    d->faults += 1;
  }
  for (size_t n = 1; stress && n <= allocations + outputs && n < HUGE_STRESS; n++) {
    driver_arena output = {0};
    uint32_t faults = 0;
    size_t memory = n <= allocations ? n : 0;
    encode_once(d, &output, memory, memory ? 0 : (uint32_t)(n - allocations), &second, NULL, NULL,
                &faults);
    if (faults) fprintf(stderr, "driver: stress %zu: %.*s\n", n, (int)second.len, second.ptr);
    d->faults += faults;
    driver_arena_free(&output);
  }
}

static relais_str read_hex(driver_arena *arena, const char *hex) {
  size_t length = strlen(hex) / 2;
  char *bytes = driver_arena_take(arena, length);
  for (size_t i = 0; i < length; i++) {
    unsigned value;
    if (sscanf(hex + 2 * i, "%2x", &value) != 1) driver_fail("\"body_hex\" is not hexadecimal");
    bytes[i] = (char)value;
  }
  return (relais_str){bytes, length};
}

static relais_str read_body(driver_arena *arena, const json_t *exchange) {
  const json_t *body = json_object_get(exchange, "body");
  const char *hex = json_string_value(json_object_get(exchange, "body_hex"));
  if (hex) return read_hex(arena, hex);
  if (!body) return (relais_str){NULL, 0};
  if (json_is_string(body))
    return driver_str(arena, json_string_value(body), json_string_length(body));
  char *text = json_dumps(body, JSON_COMPACT);
  relais_str copy = driver_str(arena, text, strlen(text));
  free(text);
  return copy;
}

static relais_transport read_transport(const json_t *exchange) {
  static const char *const names[] = {"none", "dns", "connect", "tls", "timeout_before_send",
                                      "timeout_after_send", "reset", "too_large"};
  const char *name = json_string_value(json_object_get(exchange, "transport"));
  if (!name) return RELAIS_TRANSPORT_NONE;
  for (int i = 0; i < 8; i++)
    if (strcmp(name, names[i]) == 0) return i;
  driver_fail("\"transport\": %s is none", name);
}

static relais_list read_headers(driver_arena *arena, const json_t *headers) {
  relais_header *list = driver_arena_take(arena, (json_object_size(headers) + 1) * sizeof *list);
  relais_list out = {list, 0, sizeof *list};
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)headers, name, value) {
    list[out.count].name = driver_str(arena, name, strlen(name));
    list[out.count++].value = driver_str(arena, json_string_value(value),
                                         json_string_length(value));
  }
  return out;
}

static void classify_once(driver *d, const json_t *fixture, relais_json *json, size_t fail_from,
                          size_t *allocations, uint32_t *faults) {
  driver_arena arena = {0}, scratch = {0};
  driver_result result;
  call_context context = {&scratch, &result};
  relais_call call = make_call(d, &context);
  relais_output out = {sizeof out, 0, &result, driver_request, driver_settle};
  relais_exchange exchange = {.struct_size = sizeof exchange};
  exchange.transport = read_transport(fixture);
  exchange.status = (int32_t)relais_jansson_int(fixture, "status", exchange.transport ? 0 : 200);
  exchange.flags = relais_jansson_bool(fixture, "truncated", 0) ? RELAIS_EXCHANGE_TRUNCATED : 0;
  exchange.headers = read_headers(&arena, json_object_get(fixture, "headers"));
  exchange.body = read_body(&arena, fixture);
  exchange.event_count = (uint32_t)relais_jansson_int(fixture, "events", 1);
  exchange.elapsed_ms = relais_jansson_int(fixture, "elapsed_ms", 10);
  relais_str note = relais_jansson_string(fixture, "note", (relais_str){NULL, 0});
  if (note.ptr) exchange.note = driver_str(&arena, note.ptr, note.len);
  driver_result_start(&result, &d->output, exchange.event_count, 0);
  scratch.fail_from = fail_from;
  relais_status status = d->plugin->classify(d->instance, &call, &exchange, &out);
  if (allocations) *allocations = scratch.allocations;
  driver_arena_free(&scratch);
  driver_arena_free(&arena);
  driver_result_write(&result, json, status);
  *faults += result.faults;
}

static void classify(driver *d, int stress) {
  size_t i;
  json_t *exchange;
  relais_json_key(&d->json, RELAIS_STR("classify"));
  relais_json_begin_array(&d->json);
  json_array_foreach(json_object_get(d->fixture, "exchanges"), i, exchange) {
    size_t allocations;
    relais_json_begin_object(&d->json);
    relais_json_put_string(&d->json, RELAIS_STR("name"),
                           relais_jansson_string(exchange, "name", (relais_str){NULL, 0}));
    classify_once(d, exchange, &d->json, 0, &allocations, &d->faults);
    relais_json_end_object(&d->json);
    for (size_t n = 1; stress && n <= allocations; n++) {
      relais_call writer_call = {.ctx = &d->output, .alloc = log_alloc};
      relais_json ignored;
      relais_json_start(&ignored, &writer_call, 0);
      relais_json_begin_object(&ignored);
      classify_once(d, exchange, &ignored, n, NULL, &d->faults);
    }
  }
  relais_json_end_array(&d->json);
}

static void write_metrics(driver *d) {
  int any = 0;
  for (uint32_t i = 0; i < d->metric_count; i++) any |= d->sums[i] != 0;
  if (!any) return;
  relais_json_key(&d->json, RELAIS_STR("metrics"));
  relais_json_begin_object(&d->json);
  for (uint32_t i = 0; i < d->metric_count; i++)
    if (d->sums[i] != 0)
      relais_json_put_int(&d->json, (relais_str){d->metrics[i], strlen(d->metrics[i])},
                          (int64_t)d->sums[i]);
  relais_json_end_object(&d->json);
}

static const relais_plugin *load(const char *path) {
  const relais_plugin *(*entry)(void) = NULL;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) driver_fail("%s", dlerror());
  void *symbol = dlsym(library, "relais_plugin_entry_v1");
  if (!symbol) driver_fail("%s", dlerror());
  memcpy(&entry, &symbol, sizeof entry);
  const relais_plugin *plugin = entry();
  if (!plugin || plugin != entry())
    driver_fail("the entry must answer the same table at every call");
  if (!RELAIS_HAS(plugin, relais_plugin, extension)) driver_fail("the table is too small");
  return plugin;
}

int main(int argc, char **argv) {
  int stress = argc > 1 && strcmp(argv[1], "--stress") == 0;
  json_error_t error;
  driver d = {0};
  if (argc - stress != 3) driver_fail("usage: driver [--stress] PLUGIN.so FIXTURE.json");
  d.plugin = load(argv[1 + stress]);
  d.fixture = json_load_file(argv[2 + stress], JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
  if (!d.fixture)
    driver_fail("%s:%d:%d: %s", argv[2 + stress], error.line, error.column, error.text);
  json_t *manifest = relais_jansson_config(d.plugin->manifest, &error);
  if (!manifest) driver_fail("the manifest: line %d: %s", error.line, error.text);
  const char *view = json_string_value(json_object_get(manifest, "event_view"));
  d.with_json = view && strcmp(view, "json") == 0;
  json_decref(manifest);

  d.host = (relais_host){sizeof d.host, RELAIS_ABI_MINOR, &d, RELAIS_STR("relais"),
                         RELAIS_STR("0.1.0"),
                         host_log, host_log_enabled, host_metric, host_metric_add, host_extension};
  relais_call writer_call = {.ctx = &d.output, .alloc = log_alloc};
  relais_json_start(&d.json, &writer_call, 65536);
  relais_json_start(&d.log, &writer_call, 0);
  relais_json_begin_array(&d.log);
  relais_json_begin_object(&d.json);
  if (create(&d)) {
    if (json_object_get(d.fixture, "events")) encode(&d, stress);
    if (json_object_get(d.fixture, "exchanges") && d.plugin->classify) classify(&d, stress);
    d.plugin->destroy(d.instance);
  }
  write_metrics(&d);
  if (d.log.at.length > 1) {
    relais_json_end_array(&d.log);
    relais_json_key(&d.json, RELAIS_STR("log"));
    relais_json_raw(&d.json, relais_json_finish(&d.log));
  }
  relais_json_end_object(&d.json);
  relais_str text = relais_json_finish(&d.json);
  if (!text.ptr) driver_fail("the result cannot be written (%u)", d.json.error);
  fwrite(text.ptr, 1, text.len, stdout);
  fputc('\n', stdout);
  json_decref(d.fixture);
  driver_arena_free(&d.output);
  return d.faults ? 1 : 0;
}
