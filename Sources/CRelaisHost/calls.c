#include "session.h"
#include "text.h"

enum { EVENT_LIMIT = 100000, SMALLEST_EVENT = 24, KEPT_JSON = 256 * 1024 };

static host_context take_context(host_reader *body) {
  host_context context;
  context.batch_id = host_take_u64(body);
  context.now_ms = (int64_t)host_take_u64(body);
  context.seed = host_take_u64(body);
  context.timeout_ms = (int64_t)host_take_u64(body);
  return context;
}

static bool take_done(relais_host_session *session, host_reader *body, relais_list *done) {
  uint32_t count = host_take_u32(body);
  *done = (relais_list){NULL, 0, sizeof(relais_str)};
  if (body->bad || count > body->left / 4) return false;
  if (count == 0) return true;
  relais_str *names = host_alloc(&session->views, count * sizeof *names, _Alignof(relais_str));
  for (uint32_t i = 0; i < count; i++) {
    relais_str name = host_take_str(body);
    if (names) names[i] = name;
  }
  if (names) {
    *done = (relais_list){names, count, sizeof *names};
  } else {
    host_fault_set(&session->output.fault, "limit", "the call's events need too much memory");
  }
  return !body->bad;
}

static bool take_event(relais_host_session *session, host_reader *body, uint32_t index,
                       host_event *view) {
  host_overlay overlay = {.forms = session->rules->forms, .form_count = session->rules->form_count};
  overlay.attempt = host_take_u32(body);
  overlay.flags = host_take_u32(body);
  uint32_t bits = host_take_u32(body);
  relais_str send_as = host_take_str(body);
  if (!take_done(session, body, &overlay.done)) return false;
  relais_str record = host_take_str(body);
  if (body->bad) return false;
  if (bits & RELAIS_EVENT_HAS_SEND_AS) overlay.send_as = send_as;
  overlay.withholds_user_data = (bits & RELAIS_EVENT_WITHHOLD_USER_DATA) != 0;
  overlay.is_ping = (bits & RELAIS_EVENT_AS_PING) != 0;
  overlay.ping_consent = bits >> RELAIS_EVENT_PING_CONSENT_SHIFT & 15;
  if (session->output.fault.reason) return true;
  const char *problem = host_read_record(record, &overlay, &session->views, view);
  if (problem) host_fault_set(&session->output.fault, "record", "event %u: %s", index, problem);
  return true;
}

static void add_json(relais_host_session *session, host_event *views, uint32_t count) {
  host_clear(&session->json, KEPT_JSON);
  for (uint32_t i = 0; i < count; i++) {
    size_t start = session->json.length;
    host_put_event_json(&session->json, &views[i]);
    views[i].event.event_json.len = session->json.length - start;
  }
  if (session->json.failed) {
    host_fault_set(&session->output.fault, "limit", "the events as JSON are larger than a frame");
    return;
  }
  const char *text = (const char *)session->json.bytes;
  for (uint32_t i = 0; i < count; i++) {
    views[i].event.event_json.ptr = text;
    text += views[i].event.event_json.len;
  }
}

static void call_encode(relais_host_session *session, const host_context *context,
                        relais_list events) {
  host_output *output = &session->output;
  relais_output table = {.struct_size = sizeof table,
                         .ctx = output,
                         .request = host_output_request,
                         .settle = host_output_settle};
  relais_call call;
  host_begin_call(session, context, &call);
  relais_status status = session->plugin->encode(session->instance, &call, events, &table);
  host_end_call(session);
  host_check_status(output, "encode", status);
  host_output_cover(output);
}

bool host_encode(relais_host_session *session, host_reader *body, host_buffer *replies) {
  host_output *output = &session->output;
  host_context context = take_context(body);
  uint32_t count = host_take_u32(body);
  if (body->bad || count > EVENT_LIMIT || count > body->left / SMALLEST_EVENT) return false;
  host_arena_reset(&session->views);
  uint32_t *assigned = host_alloc(&session->views, count * sizeof *assigned, _Alignof(uint32_t));
  host_event *views = host_alloc(&session->views, count * sizeof *views, _Alignof(host_event));
  uint64_t *parts = host_alloc(&session->views, count * sizeof *parts, _Alignof(uint64_t));
  host_output_begin(output, assigned, parts, assigned && parts ? count : 0);
  if (!assigned || !parts || !views) {
    host_fault_set(&output->fault, "limit", "the call's events need too much memory");
  }
  for (uint32_t i = 0; i < count; i++) {
    if (!take_event(session, body, i, views ? &views[i] : NULL)) return false;
  }
  bool wants_json = (session->rules->flags & RELAIS_INIT_JSON) != 0;
  if (!output->fault.reason && wants_json) add_json(session, views, count);
  if (!output->fault.reason) {
    call_encode(session, &context, (relais_list){views, count, sizeof *views});
  }
  host_put_reply(replies, output);
  return body->left == 0;
}

static bool take_headers(relais_host_session *session, host_reader *body, relais_list *list) {
  uint32_t count = host_take_u32(body);
  if (body->bad || count > body->left / 8) return false;
  relais_header *headers = host_alloc(&session->views, count * sizeof *headers,
                                      _Alignof(relais_header));
  if (!headers) return false;
  for (uint32_t i = 0; i < count; i++) {
    headers[i].name = host_take_str(body);
    headers[i].value = host_take_str(body);
  }
  *list = (relais_list){headers, count, sizeof *headers};
  return !body->bad;
}

static bool take_exchange(relais_host_session *session, host_reader *body,
                          relais_exchange *exchange) {
  *exchange = (relais_exchange){.struct_size = sizeof *exchange};
  exchange->transport = (relais_transport)host_take_u32(body);
  exchange->status = (int32_t)host_take_u32(body);
  exchange->flags = host_take_u32(body);
  exchange->elapsed_ms = (int64_t)host_take_u64(body);
  exchange->event_count = host_take_u32(body);
  exchange->note = host_take_str(body);
  if (exchange->event_count > EVENT_LIMIT) return false;
  if (!take_headers(session, body, &exchange->headers)) return false;
  exchange->body = host_take_str(body);
  return !body->bad && body->left == 0;
}

static void call_classify(relais_host_session *session, const host_context *context,
                          const relais_exchange *exchange) {
  host_output *output = &session->output;
  relais_output table = {.struct_size = sizeof table,
                         .ctx = output,
                         .request = host_output_request,
                         .settle = host_output_settle};
  relais_call call;
  host_begin_call(session, context, &call);
  relais_status status = session->plugin->classify(session->instance, &call, exchange, &table);
  host_end_call(session);
  host_check_status(output, "classify", status);
}

static bool needs_policy(const host_output *output) {
  if (output->fault.reason || output->for_all) return false;
  for (uint32_t event = 0; event < output->event_count; event++) {
    if (output->assigned[event] == HOST_UNASSIGNED) return true;
  }
  return false;
}

bool host_classify(relais_host_session *session, host_reader *body, host_buffer *replies) {
  host_output *output = &session->output;
  host_context context = take_context(body);
  relais_exchange exchange;
  host_arena_reset(&session->views);
  if (!take_exchange(session, body, &exchange)) return false;
  uint32_t count = exchange.event_count;
  uint32_t *assigned = host_alloc(&session->views, count * sizeof *assigned, _Alignof(uint32_t));
  host_output_begin(output, assigned, NULL, assigned ? count : 0);
  if (!assigned) host_fault_set(&output->fault, "limit", "the call's events need too much memory");
  if (!output->fault.reason && session->plugin->classify) {
    call_classify(session, &context, &exchange);
  }
  if (needs_policy(output)) host_default_policy(output, &exchange, context.now_ms);
  host_output_cover(output);
  host_put_reply(replies, output);
  return true;
}
