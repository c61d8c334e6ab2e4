/* host_fuzz - hostile frames and records for the core that hosts a plugin (CRelaisHost), around
 * the webhook example.
 *
 *     host_fuzz [options] host-init|host-calls|record-c PLUGIN.so RECORD.hex…
 *
 * An input of host-init is a length, an INIT payload of so many bytes, and a request to judge by
 * it; of host-calls a CALLS payload; of record-c a record, which is wrapped in a call. */
#include <CRelaisHost.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

enum { DETAIL = 100, REASON = 12 };

/* ---- Writing payloads ---- */

typedef struct payload {
  uint8_t *bytes;
  size_t length, capacity;
} payload;

static void put(payload *to, const void *bytes, size_t length) {
  if (to->length + length > to->capacity) {
    to->capacity = (to->length + length) * 2;
    to->bytes = realloc(to->bytes, to->capacity);
    if (!to->bytes) exit(2);
  }
  memcpy(to->bytes + to->length, bytes, length);
  to->length += length;
}

static void put_u32(payload *to, uint32_t value) { put(to, &value, sizeof value); }
static void put_u64(payload *to, uint64_t value) { put(to, &value, sizeof value); }

static void put_bytes(payload *to, const void *bytes, size_t length) {
  put_u32(to, (uint32_t)length);
  put(to, bytes, length);
}

static void put_text(payload *to, const char *text) { put_bytes(to, text, strlen(text)); }

static payload init_payload(const char *plugin) {
  static const char *const forms[][2] = {{"email", "lower"}, {"email", "google"}, {"phone", "e164"},
                                         {"first_name", "meta"}, {"city", "google"},
                                         {"external_id", "sha256"}};
  payload init = {0};
  put_text(&init, plugin);
  put_text(&init, "{}");
  put_text(&init, "0.1.0");
  put_u32(&init, 4);
  put_u32(&init, RELAIS_INIT_JSON);
  put_u64(&init, 4 << 20);
  put_u64(&init, 16 << 20);
  put_u64(&init, 5000);
  put_u64(&init, 1700000000000);
  put_u64(&init, 1);
  put_u32(&init, sizeof forms / sizeof *forms);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    put_text(&init, forms[i][0]);
    put_text(&init, forms[i][1]);
  }
  put_u32(&init, 2);
  put_text(&init, "api.example.com");
  put_text(&init, "graph.example.com");
  put_text(&init, "http://127.0.0.1:9/hook");
  put_text(&init,
           "{\"endpoint\":\"http://127.0.0.1:9/hook\",\"authorization\":\"Bearer 0123456789\"}");
  return init;
}

static void put_context(payload *to) {
  put_u64(to, 7);
  put_u64(to, 1700000100000);
  put_u64(to, 42);
  put_u64(to, 2000);
}

static void put_encode(payload *to, const uint8_t *record, size_t length, uint32_t events) {
  payload body = {0};
  put_context(&body);
  put_u32(&body, events);
  for (uint32_t i = 0; i < events; i++) {
    put_u32(&body, 1 + i);
    put_u32(&body, 8);
    put_u32(&body, RELAIS_EVENT_HAS_SEND_AS);
    put_text(&body, "Lead");
    put_u32(&body, 1);
    put_text(&body, "1001");
    put_bytes(&body, record, length);
  }
  put_u32(to, RELAIS_CALL_ENCODE);
  put_bytes(to, body.bytes, body.length);
  free(body.bytes);
}

static void put_classify(payload *to) {
  payload body = {0};
  put_context(&body);
  put_u32(&body, 0);
  put_u32(&body, 410);
  put_u32(&body, 0);
  put_u64(&body, 12);
  put_u32(&body, 3);
  put_text(&body, "note");
  put_u32(&body, 1);
  put_text(&body, "retry-after");
  put_text(&body, "30");
  put_text(&body, "gone");
  put_u32(to, RELAIS_CALL_CLASSIFY);
  put_bytes(to, body.bytes, body.length);
  free(body.bytes);
}

static payload request_payload(void) {
  payload request = {0};
  put_u32(&request, 1);
  put_text(&request, "POST");
  put_text(&request, "http://127.0.0.1:9/hook/x?y=1");
  put_u32(&request, 1);
  put_text(&request, "content-type");
  put_text(&request, "application/json");
  put_text(&request, "{}");
  put_text(&request, "");
  put_u32(&request, 1);
  put_u32(&request, 0);
  return request;
}

/* ---- Targets ---- */

static uint32_t u32_at(const uint8_t *bytes, size_t length, size_t at) {
  uint32_t value = 0;
  if (at + sizeof value <= length) memcpy(&value, bytes + at, sizeof value);
  return value;
}

static uint64_t run_init(void *context, const uint8_t *bytes, size_t length) {
  char detail[DETAIL];
  (void)context;
  if (length < 4) return 0;
  size_t init = u32_at(bytes, length, 0);
  if (init > length - 4) init = length - 4;
  relais_host_rules *rules = relais_host_rules_create(bytes + 4, init);
  if (!rules) return 1;
  const char *reason = relais_host_rules_judge(rules, bytes + 4 + init, length - 4 - init, detail,
                                               sizeof detail);
  uint64_t outcome = 2;
  for (size_t i = 0; reason && reason[i]; i++) outcome = outcome * 31 + (uint8_t)reason[i];
  relais_host_rules_destroy(rules);
  return outcome;
}

static int perform(relais_host_session *session, const uint8_t *calls, size_t length,
                   relais_host_buffer *replies) {
  *replies = (relais_host_buffer){0};
  return relais_host_perform(session, calls, length, replies);
}

/* The same calls give the same replies. */
static uint64_t run_calls(void *context, const uint8_t *bytes, size_t length) {
  relais_host_buffer first, second;
  int status = perform(context, bytes, length, &first);
  int again = perform(context, bytes, length, &second);
  if (status != again) relais_fuzz_fault("the same calls were taken once and refused once");
  int is_same = first.length == second.length &&
                (!first.length || memcmp(first.bytes, second.bytes, first.length) == 0);
  if (status == 0 && !is_same)
    relais_fuzz_fault("the same calls gave other replies");
  uint64_t outcome = status ? 1 : 2 + (uint64_t)u32_at(first.bytes, first.length, 0) * 8 +
                                      u32_at(first.bytes, first.length, 4);
  relais_host_buffer_free(&first);
  relais_host_buffer_free(&second);
  return outcome;
}

static uint64_t run_record(void *context, const uint8_t *bytes, size_t length) {
  payload calls = {0};
  relais_host_buffer replies;
  put_u32(&calls, 1);
  put_encode(&calls, bytes, length, 1);
  if (perform(context, calls.bytes, calls.length, &replies) != 0)
    relais_fuzz_fault("a whole call was refused");
  uint64_t kind = u32_at(replies.bytes, replies.length, 4);
  size_t reason = u32_at(replies.bytes, replies.length, REASON);
  const char *word = (const char *)replies.bytes + REASON + 4;
  int is_known = (reason == 6 && memcmp(word, "record", 6) == 0) ||
                 (reason == 5 && memcmp(word, "limit", 5) == 0);
  if (kind == RELAIS_REPLY_FAILED && !is_known)
    relais_fuzz_fault("the plugin was blamed for a record");
  relais_host_buffer_free(&replies);
  free(calls.bytes);
  return kind;
}

/* ---- main ---- */

static payload read_hex(const char *path) {
  payload record = {0};
  size_t length = 0, at = 0;
  uint8_t *text = fuzz_read_file(path, &length);
  if (!text) exit(2);
  text[length] = 0;
  for (unsigned value; at + 1 < length; at += 2) {
    while (at < length && text[at] <= ' ') at++;
    if (sscanf((const char *)text + at, "%2x", &value) != 1) break;
    put(&record, &(uint8_t){(uint8_t)value}, 1);
  }
  free(text);
  return record;
}

static void add(relais_fuzz *fuzz, payload *input) {
  relais_fuzz_add(fuzz, input->bytes, input->length);
  free(input->bytes);
}

static void add_calls(relais_fuzz *fuzz, const payload *record) {
  payload calls = {0}, verdicts = {0};
  put_u32(&calls, 3);
  put_encode(&calls, record->bytes, record->length, 1);
  put_classify(&calls);
  put_encode(&calls, record->bytes, record->length, 3);
  add(fuzz, &calls);
  put_u32(&verdicts, 1);
  put_classify(&verdicts);
  add(fuzz, &verdicts);
}

static void add_init(relais_fuzz *fuzz, const payload *init) {
  payload input = {0}, request = request_payload();
  put_bytes(&input, init->bytes, init->length);
  put(&input, request.bytes, request.length);
  free(request.bytes);
  add(fuzz, &input);
}

int main(int argc, char **argv) {
  fuzz_arguments arguments = fuzz_read_arguments(argc, argv);
  relais_fuzz *fuzz = relais_fuzz_create(arguments.options);
  relais_host_buffer ready = {0};
  if (!fuzz || arguments.rest_count < 2) return 2;
  payload init = init_payload(arguments.rest[0]);
  relais_host_session *session = relais_host_open(init.bytes, init.length,
                                                  (relais_host_services){0}, &ready);
  if (!session) {
    fprintf(stderr, "%s is not usable: %.*s\n", arguments.rest[0], (int)ready.length,
            (char *)ready.bytes);
    return 2;
  }
  relais_fuzz_target target = {arguments.target, session, run_record, NULL};
  if (strcmp(arguments.target, "host-init") == 0) target.run = run_init;
  if (strcmp(arguments.target, "host-calls") == 0) target.run = run_calls;
  if (target.run == run_init) add_init(fuzz, &init);
  for (int i = 1; i < arguments.rest_count; i++) {
    payload record = read_hex(arguments.rest[i]);
    if (target.run == run_calls) add_calls(fuzz, &record);
    if (target.run == run_record) relais_fuzz_add(fuzz, record.bytes, record.length);
    free(record.bytes);
  }
  int status = fuzz_go(&arguments, fuzz, &target);
  relais_host_close(session);
  relais_host_buffer_free(&ready);
  free(init.bytes);
  relais_fuzz_destroy(fuzz);
  return status;
}
