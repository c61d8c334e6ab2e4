#include "output.h"

#include <stdio.h>

#include "text.h"

enum { KEPT_BUFFER = 256 * 1024 };
static const int64_t longest_wait_ms = 30LL * 86400 * 1000;

void host_output_begin(host_output *output, uint32_t *assigned, uint64_t *parts,
                       uint32_t event_count) {
  output->encodes = parts != NULL;
  output->assigned = assigned;
  output->parts = parts;
  output->part_count = 0;
  output->event_count = event_count;
  if (event_count) memset(assigned, 0, event_count * sizeof *assigned);
  if (event_count && parts) memset(parts, 0, event_count * sizeof *parts);
  output->for_all = 0;
  output->request_count = 0;
  output->verdict_count = 0;
  output->diagnostic_count = 0;
  output->first_error[0] = 0;
  output->fault = (host_fault){0};
  host_clear(&output->requests, KEPT_BUFFER);
  host_clear(&output->verdicts, KEPT_BUFFER);
  host_clear(&output->diagnostics, KEPT_BUFFER);
}

void host_output_free(host_output *output) {
  relais_host_buffer_free(&output->requests);
  relais_host_buffer_free(&output->verdicts);
  relais_host_buffer_free(&output->diagnostics);
}

static bool is_list(relais_list list, size_t size) {
  if (list.count == 0) return true;
  return list.ptr && list.stride >= size && list.count <= RELAIS_FRAME_LIMIT / size;
}

static bool is_text(relais_str text) { return text.ptr || text.len == 0; }

static void check_shape(const relais_request *request, host_fault *fault) {
  if (request->struct_size < sizeof *request) {
    host_fault_set(fault, "bad_request",
                   "a relais_request has struct_size %u, less than ABI 1.0's %zu",
                   request->struct_size, sizeof *request);
  } else if (!is_list(request->headers, sizeof(relais_header)) ||
             !is_list(request->events, sizeof(uint32_t))) {
    host_fault_set(fault, "bad_request",
                   "a list of a relais_request has no elements or too small a stride");
  } else if (!is_text(request->url) || !is_text(request->body) || !is_text(request->note)) {
    host_fault_set(fault, "bad_request", "a text of a relais_request has a length but no pointer");
  }
}

/* The plugin chooses the stride, so an index may lie anywhere. */
static uint32_t index_at(relais_list events, uint32_t i) {
  uint32_t event;
  memcpy(&event, (const char *)events.ptr + (size_t)i * events.stride, sizeof event);
  return event;
}

static bool is_part_name(relais_str name) {
  if (name.len == 0 || name.len > HOST_PART_NAME_LIMIT) return false;
  for (size_t i = 0; i < name.len; i++)
    if (name.ptr[i] <= ' ' || name.ptr[i] > '~') return false;
  return true;
}

/* The bit of the part that the request's note names; 0 for a request of whole events. */
static uint64_t part_of(host_output *output, const relais_request *request) {
  relais_str name = request->note;
  if (!(request->flags & RELAIS_REQUEST_PART)) return 0;
  if (!is_part_name(name)) {
    host_fault_set(&output->fault, "bad_request",
                   "the note of a part is its name: 1 to %d visible ASCII characters",
                   HOST_PART_NAME_LIMIT);
    return 0;
  }
  for (uint32_t i = 0; i < output->part_count; i++) {
    const char *known = output->part_names[i];
    if (strnlen(known, HOST_PART_NAME_LIMIT) == name.len && memcmp(known, name.ptr, name.len) == 0)
      return UINT64_C(1) << i;
  }
  if (output->part_count == HOST_PART_LIMIT) {
    host_fault_set(&output->fault, "limit", "a call has more than %d parts", HOST_PART_LIMIT);
    return 0;
  }
  memset(output->part_names[output->part_count], 0, HOST_PART_NAME_LIMIT);
  memcpy(output->part_names[output->part_count], name.ptr, name.len);
  return UINT64_C(1) << output->part_count++;
}

static bool may_claim(const host_output *output, uint32_t event, uint64_t part) {
  if (output->assigned[event] == HOST_UNASSIGNED) return true;
  return part && output->assigned[event] == HOST_IN_PARTS && !(output->parts[event] & part);
}

/* Claims the request's events; each may have one place only, or one in each part. */
static void claim(host_output *output, relais_list events, uint64_t part) {
  if (events.count == 0) {
    host_fault_set(&output->fault, "coverage", "request %u carries no event",
                   output->request_count);
  }
  for (uint32_t i = 0; i < events.count && !output->fault.reason; i++) {
    uint32_t event = index_at(events, i);
    if (event >= output->event_count) {
      host_fault_set(&output->fault, "coverage", "request %u carries event %u of %u",
                     output->request_count, event, output->event_count);
    } else if (!may_claim(output, event, part)) {
      host_fault_set(&output->fault, "coverage", "event %u has more than one place", event);
    } else {
      output->assigned[event] = part ? HOST_IN_PARTS : HOST_REQUESTED;
      output->parts[event] |= part;
    }
  }
}

static void put_request(host_buffer *buffer, const relais_request *request) {
  size_t start = buffer->length;
  host_put_u32(buffer, 0);
  host_put_u32(buffer, request->flags & (RELAIS_REQUEST_IDEMPOTENT | RELAIS_REQUEST_PART));
  host_put_str(buffer, request->method.ptr ? request->method : RELAIS_STR("POST"));
  host_put_str(buffer, request->url);
  host_put_u32(buffer, request->headers.count);
  for (uint32_t i = 0; i < request->headers.count; i++) {
    const relais_header *header = RELAIS_AT(request->headers, relais_header, i);
    host_put_str(buffer, header->name);
    host_put_str(buffer, header->value);
  }
  host_put_str(buffer, request->body);
  host_put_str(buffer, request->note);
  host_put_u32(buffer, request->events.count);
  for (uint32_t i = 0; i < request->events.count; i++) {
    host_put_u32(buffer, index_at(request->events, i));
  }
  host_set_u32(buffer, start, (uint32_t)(buffer->length - start - 4));
}

relais_status host_output_request(void *ctx, const relais_request *request) {
  host_output *output = ctx;
  if (!output->active || output->fault.reason) return RELAIS_E_FAILED;
  if (!request || !output->encodes) {
    host_fault_set(&output->fault, "bad_request", "request() was called %s",
                   request ? "in classify" : "without a request");
    return RELAIS_E_FAILED;
  }
  check_shape(request, &output->fault);
  if (!output->fault.reason) host_judge_request(output->rules, request, &output->fault);
  uint64_t part = output->fault.reason ? 0 : part_of(output, request);
  if (!output->fault.reason) claim(output, request->events, part);
  if (output->fault.reason) {
    return strcmp(output->fault.reason, "limit") == 0 ? RELAIS_E_LIMIT : RELAIS_E_FAILED;
  }
  put_request(&output->requests, request);
  if (output->requests.failed) {
    host_fault_set(&output->fault, "limit", "the requests of one call are larger than a frame");
    return RELAIS_E_LIMIT;
  }
  output->request_count++;
  return RELAIS_OK;
}

static relais_verdict_code known_code(relais_verdict_code code) {
  return code >= RELAIS_DELIVERED && code <= RELAIS_AUTH_STOP ? code : RELAIS_RETRY;
}

uint32_t host_output_add(host_output *output, const relais_verdict *verdict) {
  host_buffer *buffer = &output->verdicts;
  int64_t wait = verdict->retry_after_ms;
  if (wait < 0) wait = 0;
  if (wait > longest_wait_ms) wait = longest_wait_ms;
  host_put_u32(buffer, (uint32_t)known_code(verdict->code));
  host_put_u64(buffer, (uint64_t)wait);
  bool unnamed = (!verdict->reason.ptr || verdict->reason.len == 0) &&
      verdict->code != RELAIS_DELIVERED;
  host_put_slug(buffer, unnamed ? RELAIS_STR("unspecified") : verdict->reason);
  host_put_clean(buffer, verdict->detail, HOST_DETAIL_LIMIT);
  host_put_clean(buffer, verdict->key, HOST_KEY_LIMIT);
  return ++output->verdict_count;
}

static void check_verdict(host_output *output, uint32_t event, const relais_verdict *verdict) {
  host_fault *fault = &output->fault;
  if (!verdict || verdict->struct_size < sizeof *verdict) {
    host_fault_set(fault, "bad_verdict", "settle() was called without a whole relais_verdict");
    return;
  }
  relais_verdict_code code = known_code(verdict->code);
  bool settles = code == RELAIS_DROP || code == RELAIS_REJECT || code == RELAIS_PARK;
  if (output->encodes && !settles) {
    host_fault_set(fault, "bad_verdict",
                   "encode settled with verdict %d; only DROP, REJECT and PARK are allowed",
                   verdict->code);
  } else if (code == RELAIS_PARK && (!verdict->key.ptr || verdict->key.len == 0)) {
    host_fault_set(fault, "bad_verdict", "a PARK verdict has no key");
  } else if (event != RELAIS_ALL_EVENTS && event >= output->event_count) {
    host_fault_set(fault, "coverage", "settle() names event %u of %u", event, output->event_count);
  } else if (event == RELAIS_ALL_EVENTS && output->for_all) {
    host_fault_set(fault, "coverage", "settle() gave two verdicts for all events");
  } else if (event != RELAIS_ALL_EVENTS && output->assigned[event] != HOST_UNASSIGNED) {
    host_fault_set(fault, "coverage", "event %u has more than one place", event);
  }
}

relais_status host_output_settle(void *ctx, uint32_t event, const relais_verdict *verdict) {
  host_output *output = ctx;
  if (!output->active || output->fault.reason) return RELAIS_E_FAILED;
  check_verdict(output, event, verdict);
  if (output->fault.reason) return RELAIS_E_FAILED;
  uint32_t number = host_output_add(output, verdict);
  if (event == RELAIS_ALL_EVENTS) {
    output->for_all = number;
  } else {
    output->assigned[event] = number;
  }
  return RELAIS_OK;
}

void host_output_diagnose(host_output *output, relais_level level, relais_str pointer,
                          relais_str message) {
  if (level < RELAIS_DEBUG || level > RELAIS_ERROR) level = RELAIS_INFO;
  if (level == RELAIS_ERROR && !output->first_error[0] && message.ptr) {
    int length = (int)(message.len < 200 ? message.len : 200);
    snprintf(output->first_error, sizeof output->first_error, "%.*s", length, message.ptr);
  }
  if (output->diagnostic_count == HOST_DIAGNOSTIC_LIMIT) return;
  output->diagnostic_count++;
  host_put_u32(&output->diagnostics, (uint32_t)level);
  host_put_clean(&output->diagnostics, pointer, HOST_POINTER_LIMIT);
  host_put_clean(&output->diagnostics, message, HOST_DETAIL_LIMIT);
}

void host_output_cover(host_output *output) {
  for (uint32_t event = 0; event < output->event_count && !output->fault.reason; event++) {
    if (output->assigned[event] != HOST_UNASSIGNED) continue;
    output->assigned[event] = output->for_all;
    if (!output->for_all) {
      host_fault_set(&output->fault, "coverage", "event %u is in no request and has no verdict",
                     event);
    }
  }
}

void host_put_failure(host_buffer *replies, const host_fault *fault) {
  host_put_u32(replies, RELAIS_REPLY_FAILED);
  size_t start = replies->length;
  host_put_u32(replies, 0);
  host_put_text(replies, fault->reason);
  host_put_clean(replies, (relais_str){fault->detail, strlen(fault->detail)}, HOST_DETAIL_LIMIT);
  host_set_u32(replies, start, (uint32_t)(replies->length - start - 4));
}

void host_put_diagnostics(host_buffer *buffer, const host_output *output) {
  host_put_u32(buffer, output->diagnostic_count);
  host_put_buffer(buffer, &output->diagnostics);
}

static void put_settlements(host_buffer *replies, const host_output *output) {
  size_t start = replies->length;
  uint32_t count = 0;
  host_put_u32(replies, 0);
  for (uint32_t event = 0; event < output->event_count; event++) {
    if (output->assigned[event] >= HOST_IN_PARTS) continue;
    host_put_u32(replies, event);
    host_put_u32(replies, output->assigned[event] - 1);
    count++;
  }
  host_set_u32(replies, start, count);
}

void host_put_reply(host_buffer *replies, const host_output *output) {
  if (output->fault.reason) {
    host_put_failure(replies, &output->fault);
    return;
  }
  host_put_u32(replies, output->encodes ? RELAIS_REPLY_ENCODED : RELAIS_REPLY_CLASSIFIED);
  size_t start = replies->length;
  host_put_u32(replies, 0);
  host_put_diagnostics(replies, output);
  host_put_u32(replies, output->verdict_count);
  host_put_buffer(replies, &output->verdicts);
  if (output->encodes) {
    put_settlements(replies, output);
    host_put_u32(replies, output->request_count);
    host_put_buffer(replies, &output->requests);
  } else {
    host_put_u32(replies, output->event_count);
    for (uint32_t event = 0; event < output->event_count; event++) {
      host_put_u32(replies, output->assigned[event] - 1);
    }
  }
  host_set_u32(replies, start, (uint32_t)(replies->length - start - 4));
}
