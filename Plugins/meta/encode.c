/* Events to requests: one request a call, more when it would be too large.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "meta.h"

/* Room for what stands behind `data`. */
static size_t tail_size(const relais_instance *instance) {
  return 96 + (instance->test_event_code ? meta_c_str(instance->test_event_code).len * 6 : 0);
}

static void begin_request(meta_encoder *encoder) {
  relais_json_restart(&encoder->json);
  encoder->count = 0;
  relais_json_begin_object(&encoder->json);
  relais_json_key(&encoder->json, RELAIS_STR("data"));
  relais_json_begin_array(&encoder->json);
}

static relais_status finish_request(meta_encoder *encoder) {
  const relais_instance *instance = encoder->instance;
  relais_json *json = &encoder->json;
  if (!encoder->count) return RELAIS_OK;
  relais_json_end_array(json);
  relais_json_put_string(json, RELAIS_STR("test_event_code"),
                         meta_c_str(instance->test_event_code));
  relais_json_put_string(json, RELAIS_STR("partner_agent"), RELAIS_STR("relais-1.0"));
  relais_json_end_object(json);
  relais_str body = relais_json_finish(json);
  if (!body.ptr) return json->error == RELAIS_JSON_E_NOMEM ? RELAIS_E_NOMEM : RELAIS_E_FAILED;

  const relais_header headers[] = {
      {RELAIS_STR("Authorization"), meta_c_str(instance->authorization)},
      {RELAIS_STR("Content-Type"), RELAIS_STR("application/json")},
  };
  const relais_request request = {
      .struct_size = sizeof request,
      .flags = RELAIS_REQUEST_IDEMPOTENT,
      .method = RELAIS_STR("POST"),
      .url = meta_c_str(instance->url),
      .headers = {headers, sizeof headers / sizeof *headers, sizeof *headers},
      .body = body,
      .events = {encoder->covered, encoder->count, sizeof *encoder->covered},
  };
  return encoder->output->request(encoder->output->ctx, &request);
}

static relais_status settle(meta_encoder *encoder, uint32_t index, meta_refusal refusal) {
  const relais_verdict verdict = {.struct_size = sizeof verdict,
                                  .code = refusal.code,
                                  .reason = refusal.reason,
                                  .detail = refusal.detail};
  return encoder->output->settle(encoder->output->ctx, index, &verdict);
}

static int is_full(const meta_encoder *encoder) {
  return encoder->json.at.length + tail_size(encoder->instance) > META_MAX_BYTES;
}

/* Adds one event to the request being built, to a new one when it does not fit, or settles it. */
static relais_status add(meta_encoder *encoder, uint32_t index) {
  const relais_event *event = RELAIS_AT(encoder->events, relais_event, index);
  relais_status status = RELAIS_OK;
  if (encoder->count == META_MAX_EVENTS) {
    status = finish_request(encoder);
    if (status) return status;
    begin_request(encoder);
  }
  relais_json_mark before = encoder->json.at;
  meta_refusal refusal = meta_write_event(encoder, event);
  if (!refusal.reason.ptr && is_full(encoder) && encoder->count) {
    relais_json_rewind(&encoder->json, before);
    status = finish_request(encoder);
    if (status) return status;
    begin_request(encoder);
    before = encoder->json.at;
    refusal = meta_write_event(encoder, event);
  }
  if (!refusal.reason.ptr && is_full(encoder))
    refusal = (meta_refusal){RELAIS_REJECT, RELAIS_STR("too_large"),
                             RELAIS_STR("larger than the 1,000,000 bytes that a request may have")};
  if (encoder->json.error)
    return encoder->json.error == RELAIS_JSON_E_NOMEM ? RELAIS_E_NOMEM : RELAIS_E_FAILED;
  if (refusal.reason.ptr) {
    relais_json_rewind(&encoder->json, before);
    return settle(encoder, index, refusal);
  }
  encoder->covered[encoder->count++] = index;
  return RELAIS_OK;
}

void meta_omit(meta_encoder *encoder, const relais_event *event, meta_omission what) {
  if (!encoder->omitted[what]++) encoder->first_omitted[what] = event->event_id;
}

/* One message for each kind, however many events there are. */
static void report_omissions(const meta_encoder *encoder) {
  static const struct {
    relais_level level;
    const char *text;
  } messages[META_OMISSIONS] = {
      [META_OMITTED_CURRENCY] = {RELAIS_WARNING,
                                 "currency is not in ISO 4217: sent without value and currency"},
      [META_OMITTED_VALUE] = {RELAIS_INFO,
                              "value without a currency, or no finite number: sent without it"},
      [META_OMITTED_ITEM] = {RELAIS_WARNING,
                             "item without the id that content_id names: left out of contents"},
      [META_OMITTED_IP] = {RELAIS_WARNING, "ip_override is no IP address: sent without it"},
      [META_OMITTED_COOKIE] = {RELAIS_INFO, "_fbp or _fbc is malformed: sent without it"},
      [META_OMITTED_CLICK_ID] = {RELAIS_INFO, "fbclid is malformed: sent without it"},
      [META_OMITTED_ACTION_SOURCE] = {RELAIS_WARNING,
                                      "unknown action_source: the configured one is used"},
      [META_OMITTED_USER_AGENT] = {RELAIS_WARNING,
                                   "action_source website without user_agent, which Meta requires"},
  };
  char text[256];
  for (int i = 0; i < META_OMISSIONS; i++) {
    relais_str id = encoder->first_omitted[i];
    if (!encoder->omitted[i]) continue;
    if (id.len > 64) id.len = 64;
    while (id.len && ((unsigned char)id.ptr[id.len - 1] & 0x80)) id.len -= 1;
    int length = snprintf(text, sizeof text, "%s (%u times, first in event %.*s)", messages[i].text,
                          encoder->omitted[i], (int)id.len, id.ptr);
    if (length > 0 && (size_t)length < sizeof text)
      encoder->call->diagnose(encoder->call->ctx, messages[i].level, (relais_str){NULL, 0},
                              (relais_str){text, (size_t)length});
  }
}

relais_status meta_encode(relais_instance *instance, const relais_call *call, relais_list events,
                          const relais_output *output) {
  meta_encoder encoder = {.instance = instance, .call = call, .events = events, .output = output};
  relais_status status = RELAIS_OK;
  if (!events.count) return RELAIS_OK;
  encoder.covered = call->alloc(call->ctx, events.count * sizeof *encoder.covered,
                                _Alignof(uint32_t));
  if (!encoder.covered) return RELAIS_E_NOMEM;
  size_t expected = (size_t)events.count * 1200 + 256;
  relais_json_start(&encoder.json, call, expected < META_MAX_BYTES ? expected : META_MAX_BYTES);
  begin_request(&encoder);
  for (uint32_t i = 0; i < events.count && !status; i++) {
    if (call->cancelled(call->ctx)) return RELAIS_E_CANCELLED;
    status = add(&encoder, i);
  }
  if (!status) status = finish_request(&encoder);
  if (!status) report_omissions(&encoder);
  return status;
}
