/* plugin_fuzz - hostile events and answers for a destination plugin, grown from its fixtures.
 *
 *     plugin_fuzz [options] ID-encode|ID-classify PLUGIN.so FIXTURE…
 *
 * An input of encode is a fixture: its events are changed, its configuration is one of the
 * fixtures'. An input of classify is a line "configuration status transport events note-bytes
 * truncated", headers, an empty line, the note and the body. Built with the sanitizers, as the
 * plugin is. A call that breaks the contract is a fault like a crash. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../Plugins/driver/driver.h"
#include "options.h"
#include "tree.h"

enum { CONFIGURATIONS = 64, HEADERS = 64, LINE = 128, CHANGES = 4 };

typedef struct subject {
  const relais_plugin *plugin;
  driver_host host;
  int with_json;
  char *configurations[CONFIGURATIONS];
  relais_instance *instances[CONFIGURATIONS];
  size_t count;
} subject;

static jmp_buf no_fixture;

static void forget_fixture(void) { longjmp(no_fixture, 1); }

/* ---- Instances ---- */

static relais_instance *create(subject *subject, const char *configuration) {
  driver_arena arena = {0};
  driver_result result;
  driver_call_context context = {&arena, &result};
  relais_instance *instance = NULL;
  relais_call call = driver_call(&context, 1700000000000, 1);
  driver_result_start(&result, &arena, 0, 0);
  relais_str text = driver_str(&arena, configuration, strlen(configuration));
  relais_status status = subject->plugin->create(&subject->host.host, &call, text, &instance);
  if (status != RELAIS_OK) instance = NULL;
  driver_arena_free(&arena);
  return instance;
}

/* The index of a configuration's instance, -1 when the fixtures have none such or it is refused.
 * Takes the text. */
static int find(subject *subject, char *configuration, int may_add) {
  int found = -1;
  if (!configuration) return -1;
  for (size_t i = 0; i < subject->count && found < 0; i++)
    if (strcmp(subject->configurations[i], configuration) == 0) found = (int)i;
  if (found < 0 && may_add && subject->count < CONFIGURATIONS) {
    relais_instance *instance = create(subject, configuration);
    if (instance) {
      found = (int)subject->count++;
      subject->configurations[found] = configuration;
      subject->instances[found] = instance;
      return found;
    }
  }
  free(configuration);
  return found;
}

static int configuration_of(subject *subject, const json_t *fixture, int may_add) {
  const json_t *config = json_object_get(fixture, "config");
  return find(subject, json_dumps(config, JSON_COMPACT | JSON_SORT_KEYS), may_add);
}

/* ---- encode ---- */

static void check(const driver_result *result) {
  if (result->faults) relais_fuzz_fault(result->fault);
}

static uint64_t encode(subject *subject, relais_instance *instance, relais_list events,
                       size_t fail_from) {
  driver_arena scratch = {.fail_from = fail_from}, said = {0};
  driver_result result;
  driver_call_context context = {&scratch, &result};
  relais_call call = driver_call(&context, 1700000100000, 42);
  relais_output output = {sizeof output, 0, &result, driver_request, driver_settle};
  driver_result_start(&result, &said, events.count, 1);
  relais_status status = subject->plugin->encode(instance, &call, events, &output);
  if (status == RELAIS_OK) driver_result_check(&result);
  if (status > 0) relais_fuzz_fault("encode returned a status that there is not");
  check(&result);
  uint64_t outcome = (uint64_t)(-status) << 8 | (result.outputs < 255 ? result.outputs : 255);
  driver_arena_free(&scratch);
  driver_arena_free(&said);
  return outcome;
}

/* 0 when the fixture's events are none. */
static int read_events(const subject *subject, const json_t *events, driver_arena *arena,
                       relais_list *list) {
  if (setjmp(no_fixture)) return 0;
  driver_failed = forget_fixture;
  *list = driver_events(arena, events, subject->with_json);
  driver_failed = NULL;
  return 1;
}

static uint64_t run_encode(void *context, const uint8_t *bytes, size_t length) {
  subject *subject = context;
  driver_arena arena = {0};
  uint64_t outcome = 0;
  json_t *fixture = json_loadb((const char *)bytes, length,
                               JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
  const json_t *events = json_object_get(fixture, "events");
  int configuration = fixture ? configuration_of(subject, fixture, 0) : -1;
  if (configuration < 0 || !json_is_array(events)) {
    json_decref(fixture);
    return 0;
  }
  relais_list list;
  size_t fail_from = length % 4 ? 0 : 1 + length / 4 % 64;
  if (read_events(subject, events, &arena, &list))
    outcome = 1 + encode(subject, subject->instances[configuration], list, fail_from);
  driver_arena_free(&arena);
  json_decref(fixture);
  return outcome;
}

static size_t change_fixture(void *context, relais_fuzz *fuzz, uint8_t *bytes, size_t length) {
  (void)context;
  json_t *fixture = json_loadb((const char *)bytes, length, JSON_ALLOW_NUL, NULL);
  json_t *events = json_object_get(fixture, "events");
  size_t written = 0;
  for (uint32_t n = 1 + relais_fuzz_next(fuzz, CHANGES); events && n; n--)
    fuzz_change_tree(fuzz, events);
  if (events)
    written = json_dumpb(fixture, (char *)bytes, RELAIS_FUZZ_MAX_LENGTH, JSON_COMPACT);
  json_decref(fixture);
  return written <= RELAIS_FUZZ_MAX_LENGTH ? written : 0;
}

static void add_fixture(relais_fuzz *fuzz, subject *subject, const json_t *fixture) {
  json_t *input = json_pack("{s:O?, s:O?}", "config", json_object_get(fixture, "config"), "events",
                            json_object_get(fixture, "events"));
  char *text = json_dumps(input, JSON_COMPACT);
  if (text && json_object_get(fixture, "events") && configuration_of(subject, fixture, 1) >= 0)
    relais_fuzz_add(fuzz, (const uint8_t *)text, strlen(text));
  free(text);
  json_decref(input);
}

/* ---- classify ---- */

/* Reads a line of the input; absent at its end. */
static relais_str take_line(relais_str *rest) {
  relais_str line = {NULL, 0};
  const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
  if (!end) return line;
  line = (relais_str){rest->ptr, (size_t)(end - rest->ptr)};
  rest->len -= line.len + 1;
  rest->ptr = end + 1;
  return line;
}

/* The relay hands on texts that are UTF-8, whatever a vendor's headers were. */
static relais_str header_text(driver_arena *arena, const char *text, size_t length) {
  relais_str copy = driver_str(arena, text, length);
  size_t bad, step;
  for (size_t i = 0; i < length; i += step) {
    const unsigned char *p = (const unsigned char *)copy.ptr + i;
    step = *p < 0x80 ? 1 : relais_json_sequence_(p, length - i, &bad);
    if (step) continue;
    ((char *)copy.ptr)[i] = '?';
    step = 1;
  }
  return copy;
}

static relais_list take_headers(driver_arena *arena, relais_str *rest) {
  relais_header *headers = driver_arena_take(arena, HEADERS * sizeof *headers);
  relais_list list = {headers, 0, sizeof *headers};
  for (relais_str line = take_line(rest); line.ptr && line.len; line = take_line(rest)) {
    const char *colon = memchr(line.ptr, ':', line.len);
    if (!colon || list.count == HEADERS) continue;
    size_t name = (size_t)(colon - line.ptr);
    size_t skip = name + 1 + (line.len > name + 1 && colon[1] == ' ');
    headers[list.count].name = header_text(arena, line.ptr, name);
    headers[list.count++].value = header_text(arena, line.ptr + skip, line.len - skip);
  }
  return list;
}

static uint64_t run_classify(void *context, const uint8_t *bytes, size_t length) {
  subject *subject = context;
  driver_arena arena = {0}, scratch = {.fail_from = length % 4 ? 0 : 1 + length / 4 % 64};
  relais_str rest = {(const char *)bytes, length};
  relais_str first = take_line(&rest);
  char line[LINE] = "";
  unsigned configuration = 0, status = 200, transport = 0, events = 1, note = 0, truncated = 0;
  if (first.ptr) memcpy(line, first.ptr, first.len < LINE - 1 ? first.len : LINE - 1);
  sscanf(line, "%u %u %u %u %u %u", &configuration, &status, &transport, &events, &note,
         &truncated);
  relais_exchange exchange = {.struct_size = sizeof exchange,
                              .flags = truncated % 2 ? RELAIS_EXCHANGE_TRUNCATED : 0,
                              .transport = (relais_transport)(transport % 8),
                              .event_count = 1 + events % 1000,
                              .elapsed_ms = 10};
  exchange.status = exchange.transport ? 0 : (int32_t)(100 + status % 500);
  exchange.headers = take_headers(&arena, &rest);
  if (note > rest.len) note = (unsigned)rest.len;
  exchange.note = driver_str(&arena, rest.ptr ? rest.ptr : "", note);
  exchange.body = driver_str(&arena, rest.ptr ? rest.ptr + note : "", rest.len - note);

  driver_result result;
  driver_call_context call_context = {&scratch, &result};
  relais_call call = driver_call(&call_context, 1700000100000, 42);
  relais_output output = {sizeof output, 0, &result, driver_request, driver_settle};
  driver_result_start(&result, &arena, exchange.event_count, 0);
  relais_instance *instance = subject->instances[configuration % subject->count];
  relais_status answer = subject->plugin->classify(instance, &call, &exchange, &output);
  if (answer > 0) relais_fuzz_fault("classify returned a status that there is not");
  check(&result);
  driver_arena_free(&scratch);
  driver_arena_free(&arena);
  return (uint64_t)(-answer) << 8 | (result.outputs < 255 ? result.outputs : 255);
}

static void add_exchange(relais_fuzz *fuzz, unsigned configuration, const json_t *exchange) {
  const json_t *body = json_object_get(exchange, "body");
  char *dumped = body && !json_is_string(body) ? json_dumps(body, JSON_COMPACT) : NULL;
  const char *text = dumped ? dumped : json_string_value(body);
  const char *note = json_string_value(json_object_get(exchange, "note"));
  const char *name;
  json_t *value;
  char *input = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&input, &length);
  if (!stream) driver_fail("out of memory");
  int status = (int)relais_jansson_int(exchange, "status", 200);
  fprintf(stream, "%u %u %u %u %zu %u\n", configuration,
          (unsigned)(status < 100 ? 400 : status - 100),
          json_object_get(exchange, "transport") ? 5 : 0,
          (unsigned)relais_jansson_int(exchange, "events", 1) - 1, note ? strlen(note) : 0,
          (unsigned)relais_jansson_bool(exchange, "truncated", 0));
  json_object_foreach(json_object_get(exchange, "headers"), name, value)
    fprintf(stream, "%s: %s\n", name, json_string_value(value));
  fprintf(stream, "\n%s%s", note ? note : "", text ? text : "");
  fclose(stream);
  relais_fuzz_add(fuzz, (const uint8_t *)input, length);
  free(input);
  free(dumped);
}

static void add_exchanges(relais_fuzz *fuzz, subject *subject, const json_t *fixture) {
  size_t index;
  json_t *exchange;
  int configuration = configuration_of(subject, fixture, 1);
  if (configuration < 0) return;
  json_array_foreach(json_object_get(fixture, "exchanges"), index, exchange)
    add_exchange(fuzz, (unsigned)configuration, exchange);
}

/* ---- main ---- */

int main(int argc, char **argv) {
  static subject subject;
  fuzz_arguments arguments = fuzz_read_arguments(argc, argv);
  int encodes = strstr(arguments.target, "-encode") != NULL;
  relais_fuzz *fuzz = relais_fuzz_create(arguments.options);
  if (!fuzz || arguments.rest_count < 2) driver_fail("PLUGIN.so and fixtures are needed");
  subject.plugin = driver_load(arguments.rest[0]);
  subject.with_json = driver_wants_json(subject.plugin->manifest);
  driver_host_start(&subject.host);
  for (int i = 1; i < arguments.rest_count; i++) {
    json_t *fixture = json_load_file(arguments.rest[i], JSON_ALLOW_NUL, NULL);
    if (!fixture) driver_fail("%s is no fixture", arguments.rest[i]);
    (encodes ? add_fixture : add_exchanges)(fuzz, &subject, fixture);
    json_decref(fixture);
  }
  if (!subject.count) driver_fail("no fixture has a configuration that the plugin takes");
  const relais_fuzz_target target = {arguments.target, &subject,
                                     encodes ? run_encode : run_classify,
                                     encodes ? change_fixture : NULL};
  int status = !encodes && !subject.plugin->classify ? 0 : fuzz_go(&arguments, fuzz, &target);
  for (size_t i = 0; i < subject.count; i++) {
    subject.plugin->destroy(subject.instances[i]);
    free(subject.configurations[i]);
  }
  driver_arena_free(&subject.host.output);
  relais_fuzz_destroy(fuzz);
  return status;
}
