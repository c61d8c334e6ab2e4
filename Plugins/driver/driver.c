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
 *                 besides send_as, attempt, done [part] and flags ["test", "replay", "late",
 *                 "consent_update", "ping"].
 *                 A number may be a string, to fix its digits; in parameters {"$number": "10.00"}.
 *                 {"$json": "[["} is a nested parameter whose text is exactly that, JSON or not.
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
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

enum { HUGE_STRESS = 100000 };

typedef struct driver {
  const relais_plugin *plugin;
  relais_instance *instance;
  json_t *fixture;
  driver_arena output; /* of what is printed */
  relais_json json;
  driver_host host;
  int with_json;
  uint32_t faults;
} driver;

static relais_call make_call(const driver *d, driver_call_context *context) {
  return driver_call(context, relais_jansson_int(d->fixture, "now_ms", 1700000000000),
                     (uint64_t)relais_jansson_int(d->fixture, "seed", 1));
}

static void close_result(driver *d, driver_result *result, relais_status status) {
  driver_result_write(result, &d->json, status);
  d->faults += result->faults;
}

static int create(driver *d) {
  driver_arena arena = {0};
  driver_result result;
  driver_call_context context = {&arena, &result};
  relais_call call = make_call(d, &context);
  char *config = json_dumps(json_object_get(d->fixture, "config"), JSON_COMPACT);
  if (!config) driver_fail("\"config\" must be an object");
  driver_result_start(&result, &d->output, 0, 0);
  relais_str text = driver_str(&arena, config, strlen(config));
  free(config);
  relais_status status = d->plugin->create(&d->host.host, &call, text, &d->instance);
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
  driver_call_context context = {&scratch, &result};
  relais_call call = make_call(d, &context);
  relais_call writer_call = {.ctx = output, .alloc = driver_log_alloc};
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
  driver_call_context context = {&scratch, &result};
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
      relais_call writer_call = {.ctx = &d->output, .alloc = driver_log_alloc};
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
  for (uint32_t i = 0; i < d->host.metric_count; i++) any |= d->host.sums[i] != 0;
  if (!any) return;
  relais_json_key(&d->json, RELAIS_STR("metrics"));
  relais_json_begin_object(&d->json);
  for (uint32_t i = 0; i < d->host.metric_count; i++)
    if (d->host.sums[i] != 0)
      relais_json_put_int(&d->json, (relais_str){d->host.metrics[i], strlen(d->host.metrics[i])},
                          (int64_t)d->host.sums[i]);
  relais_json_end_object(&d->json);
}

int main(int argc, char **argv) {
  int stress = argc > 1 && strcmp(argv[1], "--stress") == 0;
  json_error_t error;
  driver d = {0};
  setlocale(LC_ALL, ""); /* as a program that the host is part of may have done */
  if (argc - stress != 3) driver_fail("usage: driver [--stress] PLUGIN.so FIXTURE.json");
  d.plugin = driver_load(argv[1 + stress]);
  d.fixture = json_load_file(argv[2 + stress], JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
  if (!d.fixture)
    driver_fail("%s:%d:%d: %s", argv[2 + stress], error.line, error.column, error.text);
  d.with_json = driver_wants_json(d.plugin->manifest);

  driver_host_start(&d.host);
  relais_call writer_call = {.ctx = &d.output, .alloc = driver_log_alloc};
  relais_json_start(&d.json, &writer_call, 65536);
  relais_json_begin_object(&d.json);
  if (create(&d)) {
    if (json_object_get(d.fixture, "events")) encode(&d, stress);
    if (json_object_get(d.fixture, "exchanges") && d.plugin->classify) classify(&d, stress);
    d.plugin->destroy(d.instance);
  }
  write_metrics(&d);
  if (d.host.log.at.length > 1) {
    relais_json_end_array(&d.host.log);
    relais_json_key(&d.json, RELAIS_STR("log"));
    relais_json_raw(&d.json, relais_json_finish(&d.host.log));
  }
  relais_json_end_object(&d.json);
  relais_str text = relais_json_finish(&d.json);
  if (!text.ptr) driver_fail("the result cannot be written (%u)", d.json.error);
  fwrite(text.ptr, 1, text.len, stdout);
  fputc('\n', stdout);
  json_decref(d.fixture);
  driver_arena_free(&d.output);
  driver_arena_free(&d.host.output);
  return d.faults ? 1 : 0;
}
