/* What the plugin said in one call: copied at once, checked against the contract, written as JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

static void *writer_alloc(void *ctx, size_t size, size_t align) {
  (void)align;
  return driver_arena_take(ctx, size);
}

void driver_result_start(driver_result *result, driver_arena *arena, uint32_t event_count,
                         int encoding) {
  memset(result, 0, sizeof *result);
  result->arena = arena;
  result->writer_call.struct_size = sizeof result->writer_call;
  result->writer_call.ctx = arena;
  result->writer_call.alloc = writer_alloc;
  result->event_count = event_count;
  result->encoding = (uint32_t)encoding;
  result->covered = driver_arena_take(arena, (event_count + 1) * sizeof *result->covered);
  memset(result->covered, 0, (event_count + 1) * sizeof *result->covered);
  result->in_parts = driver_arena_take(arena, (event_count + 1) * sizeof *result->in_parts);
  memset(result->in_parts, 0, (event_count + 1) * sizeof *result->in_parts);
  relais_json_start(&result->requests, &result->writer_call, 0);
  relais_json_start(&result->settled, &result->writer_call, 0);
  relais_json_start(&result->diagnostics, &result->writer_call, 0);
  relais_json_begin_array(&result->requests);
  relais_json_begin_array(&result->settled);
  relais_json_begin_array(&result->diagnostics);
}

void driver_result_fault(driver_result *result, const char *format, ...) {
  va_list arguments;
  if (result->faults++) return;
  va_start(arguments, format);
  vsnprintf(result->fault, sizeof result->fault, format, arguments);
  va_end(arguments);
}

static relais_str c_str(const char *text) { return (relais_str){text, strlen(text)}; }

static int is_utf8(relais_str text) {
  size_t bad, length;
  for (size_t i = 0; i < text.len; i += length) {
    const unsigned char *p = (const unsigned char *)text.ptr + i;
    length = *p < 0x80 ? 1 : relais_json_sequence_(p, text.len - i, &bad);
    if (!length) return 0;
  }
  return 1;
}

void driver_diagnose(void *ctx, relais_level level, relais_str pointer, relais_str message) {
  static const char *const names[] = {"", "debug", "info", "warning", "error"};
  driver_result *result = ctx;
  if (level < 1 || level > 4) driver_result_fault(result, "diagnose: level %d", (int)level);
  if (!is_utf8(message)) driver_result_fault(result, "diagnose: the message is not UTF-8");
  relais_json_begin_object(&result->diagnostics);
  relais_json_put_string(&result->diagnostics, RELAIS_STR("level"),
                         c_str(level >= 1 && level <= 4 ? names[level] : "info"));
  relais_json_put_string(&result->diagnostics, RELAIS_STR("pointer"), pointer);
  relais_json_put_string(&result->diagnostics, RELAIS_STR("message"), message);
  relais_json_end_object(&result->diagnostics);
}

/* The body as the JSON it is, with the digits it has; otherwise as a string. */
static void write_body(driver_result *result, relais_str body) {
  relais_json *json = &result->requests;
  json_error_t error;
  json_t *parsed;
  if (!body.ptr || !body.len) return;
  relais_json_key(json, RELAIS_STR("body"));
  if (body.ptr[0] != '{' && body.ptr[0] != '[') {
    relais_json_string(json, body);
    return;
  }
  parsed = json_loadb(body.ptr, body.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
  /* A number that jansson has no type for is no fault of the text. */
  if (parsed || json_error_code(&error) == json_error_numeric_overflow) {
    relais_json_raw(json, body);
    json_decref(parsed);
  } else {
    driver_result_fault(result, "a body is not valid JSON: %s at byte %d", error.text,
                        error.position);
    relais_json_string(json, body);
  }
}

static void write_headers(driver_result *result, relais_list headers) {
  relais_json *json = &result->requests;
  if (!headers.count) return;
  relais_json_key(json, RELAIS_STR("headers"));
  relais_json_begin_object(json);
  for (uint32_t i = 0; i < headers.count; i++) {
    const relais_header *header = RELAIS_AT(headers, relais_header, i);
    if (!header->name.ptr || !header->name.len ||
        memchr(header->name.ptr, '\n', header->name.len) ||
        (header->value.len && memchr(header->value.ptr, '\n', header->value.len)))
      driver_result_fault(result, "header %u is not legal", i);
    relais_json_put_string(json, header->name, header->value);
  }
  relais_json_end_object(json);
}

static int is_part_name(relais_str name) {
  if (!name.ptr || !name.len || name.len > 64) return 0;
  for (size_t i = 0; i < name.len; i++)
    if (name.ptr[i] <= ' ' || name.ptr[i] > '~') return 0;
  return 1;
}

/* The bit of the part that the request carries; 0 for one of whole events. */
static uint64_t part_of(driver_result *result, const relais_request *request) {
  if (!(request->flags & RELAIS_REQUEST_PART)) return 0;
  if (!is_part_name(request->note)) {
    driver_result_fault(result, "a part's name is not 1 to 64 visible ASCII characters");
    return 0;
  }
  uint32_t i = 0;
  while (i < result->part_count && (result->parts[i].len != request->note.len ||
         memcmp(result->parts[i].ptr, request->note.ptr, request->note.len) != 0))
    i += 1;
  if (i == 64) {
    driver_result_fault(result, "more than 64 parts");
    return 0;
  }
  if (i == result->part_count)
    result->parts[result->part_count++] =
        driver_str(result->arena, request->note.ptr, request->note.len);
  return UINT64_C(1) << i;
}

/* Once as a whole, or once in each part. */
static void cover(driver_result *result, uint32_t event, uint64_t part) {
  if (!part || !result->in_parts[event] || result->in_parts[event] & part)
    result->covered[event] += 1;
  result->in_parts[event] |= part;
}

static void write_covered(driver_result *result, const relais_request *request) {
  relais_json *json = &result->requests;
  relais_list events = request->events;
  uint64_t part = part_of(result, request);
  if (!events.count) driver_result_fault(result, "a request covers no event");
  relais_json_key(json, RELAIS_STR("events"));
  relais_json_begin_array(json);
  for (uint32_t i = 0; i < events.count; i++) {
    uint32_t event = *RELAIS_AT(events, uint32_t, i);
    relais_json_int(json, event);
    if (event >= result->event_count) {
      driver_result_fault(result, "a request covers event %u, which there is not", event);
    } else {
      cover(result, event, part);
    }
  }
  relais_json_end_array(json);
}

relais_status driver_request(void *ctx, const relais_request *request) {
  driver_result *result = ctx;
  relais_json *json = &result->requests;
  if (++result->outputs >= result->refuse_from && result->refuse_from) return RELAIS_E_LIMIT;
  if (!result->encoding) driver_result_fault(result, "request() belongs to encode");
  if (request->struct_size < sizeof *request) driver_result_fault(result, "request: struct_size");
  if (!request->url.ptr || !is_utf8(request->url) ||
      memchr(request->url.ptr, ' ', request->url.len))
    driver_result_fault(result, "request: the URL is not legal");
  relais_json_begin_object(json);
  relais_json_put_string(json, RELAIS_STR("method"),
                         request->method.ptr ? request->method : RELAIS_STR("POST"));
  relais_json_put_string(json, RELAIS_STR("url"), request->url);
  write_headers(result, request->headers);
  write_body(result, request->body);
  write_covered(result, request);
  if (request->flags) relais_json_put_int(json, RELAIS_STR("flags"), request->flags);
  relais_json_put_string(json, RELAIS_STR("note"), request->note);
  relais_json_end_object(json);
  return RELAIS_OK;
}

static int is_slug(relais_str text) {
  if (!text.ptr || !text.len || text.len > 64) return 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return 0;
  }
  return 1;
}

relais_status driver_settle(void *ctx, uint32_t event, const relais_verdict *verdict) {
  static const char *const names[] = {"",       "delivered", "retry",    "split",    "drop",
                                      "reject", "park",      "throttle", "auth_stop"};
  driver_result *result = ctx;
  relais_json *json = &result->settled;
  relais_verdict_code code = verdict->code;
  if (++result->outputs >= result->refuse_from && result->refuse_from) return RELAIS_E_LIMIT;
  if (verdict->struct_size < sizeof *verdict) driver_result_fault(result, "verdict: struct_size");
  if (code < 1 || code > 8) driver_result_fault(result, "verdict: code %d", (int)code);
  if (result->encoding && code != RELAIS_DROP && code != RELAIS_REJECT && code != RELAIS_PARK)
    driver_result_fault(result, "verdict: encode may only drop, reject and park");
  if (code != RELAIS_DELIVERED && !is_slug(verdict->reason))
    driver_result_fault(result, "verdict: the reason is not [a-z0-9_]{1,64}");
  if (!is_utf8(verdict->detail)) driver_result_fault(result, "verdict: the detail is not UTF-8");
  if (event != RELAIS_ALL_EVENTS && event >= result->event_count)
    driver_result_fault(result, "verdict for event %u, which there is not", event);
  for (uint32_t i = 0; i < result->event_count; i++)
    if (i == event || (event == RELAIS_ALL_EVENTS && !result->covered[i])) result->covered[i] += 1;
  relais_json_begin_object(json);
  relais_json_key(json, RELAIS_STR("event"));
  if (event == RELAIS_ALL_EVENTS) {
    relais_json_string(json, RELAIS_STR("all"));
  } else {
    relais_json_int(json, event);
  }
  relais_json_put_string(json, RELAIS_STR("verdict"),
                         c_str(code >= 1 && code <= 8 ? names[code] : "?"));
  relais_json_put_string(json, RELAIS_STR("reason"), verdict->reason);
  relais_json_put_string(json, RELAIS_STR("detail"), verdict->detail);
  relais_json_put_string(json, RELAIS_STR("key"), verdict->key);
  if (verdict->retry_after_ms)
    relais_json_put_int(json, RELAIS_STR("retry_after_ms"), verdict->retry_after_ms);
  relais_json_end_object(json);
  return RELAIS_OK;
}

void driver_result_check(driver_result *result) {
  for (uint32_t i = 0; i < result->event_count; i++)
    if (result->covered[i] != 1)
      driver_result_fault(result, "event %u is covered %u times", i, result->covered[i]);
}

static void write_array(relais_json *json, relais_str key, relais_json *array) {
  int filled = array->at.length > 1;
  relais_json_end_array(array);
  if (!filled) return;
  relais_json_key(json, key);
  relais_json_raw(json, relais_json_finish(array));
}

void driver_result_write(driver_result *result, relais_json *json, relais_status status) {
  if (status != RELAIS_OK) relais_json_put_int(json, RELAIS_STR("status"), status);
  write_array(json, RELAIS_STR("requests"), &result->requests);
  write_array(json, RELAIS_STR("settled"), &result->settled);
  write_array(json, RELAIS_STR("diagnostics"), &result->diagnostics);
  if (result->faults) relais_json_put_string(json, RELAIS_STR("fault"), c_str(result->fault));
}
