/* The transport for everything that gtag.js did not send: the Measurement Protocol
 * (developers.google.com/analytics/devguides/collection/protocol/ga4/reference). This file makes the
 * requests; visitor.c writes what one says once, params.c the events.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ga4.h"

enum {
  MAX_EVENTS = 25,
  BODY_LIMIT = 130 * 1000 /* a body must be smaller */
};

/* An earlier attempt had the event validated. */
static int is_validated(const relais_event *event) {
  for (uint32_t i = 0; i < event->done.count; i++) {
    if (ga4_is(*RELAIS_AT(event->done, relais_str, i), GA4_VALIDATION)) return 1;
  }
  return 0;
}

int ga4_measurement_agree(const ga4_encoder *encoder, const relais_event *a,
                          const relais_event *b) {
  return ga4_same_visitor(encoder, a, b) && is_validated(a) == is_validated(b);
}

typedef struct mp_batch {
  relais_json json;
  uint32_t members[MAX_EVENTS];
  uint32_t count;
  int is_idempotent; /* GA4 deduplicates all of its events */
} mp_batch;

static void begin_batch(ga4_encoder *encoder, mp_batch *batch, const relais_event *event) {
  relais_json *json = &batch->json;
  batch->count = 0;
  batch->is_idempotent = 1;
  relais_json_start(json, encoder->call, 4096);
  relais_json_begin_object(json);
  ga4_visitor_write(encoder, json, event);
  relais_json_key(json, RELAIS_STR("events"));
  relais_json_begin_array(json);
}

static void write_url(ga4_encoder *encoder, const relais_event *event, const char *path) {
  const relais_instance *instance = encoder->instance;
  const char *base =
      ga4_in_europe(instance, event) ? instance->europe_base : instance->global_base;
  ga4_text *url = &encoder->url;
  url->len = 0;
  ga4_text_bytes(url, base, strlen(base));
  ga4_text_bytes(url, path, strlen(path));
  GA4_TEXT_LITERAL(url, "?measurement_id=");
  ga4_text_bytes(url, instance->measurement_id, strlen(instance->measurement_id));
  GA4_TEXT_LITERAL(url, "&api_secret=");
  ga4_text_component(url, (relais_str){instance->api_secret, strlen(instance->api_secret)});
}

/* Without spaces, so that it can name a part. */
static void write_note(ga4_text *note, uint32_t routes) {
  note->len = 0;
  GA4_TEXT_LITERAL(note, "measurement_protocol");
  if (routes & GA4_ROUTE_NOT_GTAG) GA4_TEXT_LITERAL(note, ":not_gtag");
  if (routes & GA4_ROUTE_LATE) GA4_TEXT_LITERAL(note, ":late_gtag");
  if (routes & GA4_ROUTE_CONFIGURED) GA4_TEXT_LITERAL(note, ":configured");
}

static relais_status send(ga4_encoder *encoder, const mp_batch *batch, relais_str body,
                          relais_str note, uint32_t flags) {
  if (encoder->url.failed || encoder->piece.failed) return RELAIS_E_NOMEM;
  const relais_header type = {RELAIS_STR("Content-Type"), RELAIS_STR("application/json")};
  relais_request request = {
      .struct_size = sizeof request,
      .flags = flags,
      .method = RELAIS_STR("POST"),
      .url = {encoder->url.ptr, encoder->url.len},
      .headers = {&type, 1, sizeof type},
      .body = body,
      .events = {batch->members, batch->count, sizeof batch->members[0]},
      .note = note,
  };
  return encoder->output->request(encoder->output->ctx, &request);
}

/* The same body, but that the validation server is to be strict; its events are counted nowhere. */
static relais_status send_validation(ga4_encoder *encoder, const mp_batch *batch, relais_str body) {
  ga4_text *strict = &encoder->body;
  strict->len = 0;
  GA4_TEXT_LITERAL(strict, "{\"validation_behavior\":\"ENFORCE_RECOMMENDATIONS\",");
  ga4_text_bytes(strict, body.ptr + 1, body.len - 1);
  if (strict->failed) return RELAIS_E_NOMEM;
  write_url(encoder, ga4_event(encoder, batch->members[0]), "/debug/mp/collect");
  return send(encoder, batch, (relais_str){strict->ptr, strict->len}, RELAIS_STR(GA4_VALIDATION),
              RELAIS_REQUEST_PART | RELAIS_REQUEST_IDEMPOTENT);
}

static relais_status end_batch(ga4_encoder *encoder, mp_batch *batch, uint32_t routes) {
  if (batch->count == 0) return RELAIS_OK;
  relais_json_end_array(&batch->json);
  relais_json_end_object(&batch->json);
  relais_str body = relais_json_finish(&batch->json);
  if (!body.ptr) {
    return batch->json.error == RELAIS_JSON_E_NOMEM ? RELAIS_E_NOMEM : RELAIS_E_FAILED;
  }
  const relais_event *head = ga4_event(encoder, batch->members[0]);
  int validates = encoder->instance->validate && !is_validated(head);
  uint32_t flags = batch->is_idempotent ? RELAIS_REQUEST_IDEMPOTENT : 0;
  write_url(encoder, head, "/mp/collect");
  write_note(&encoder->piece, routes);
  relais_status status = send(encoder, batch, body,
                              (relais_str){encoder->piece.ptr, encoder->piece.len},
                              validates ? flags | RELAIS_REQUEST_PART : flags);
  if (status != RELAIS_OK || !validates) return status;
  return send_validation(encoder, batch, body);
}

/* Writes the event at the end of the batch; 0: there is no room, and the batch is as before. */
static int add_event(ga4_encoder *encoder, mp_batch *batch, uint32_t index) {
  const relais_event *event = ga4_event(encoder, index);
  relais_json_mark mark = batch->json.at;
  ga4_measurement_event(encoder, &batch->json, event);
  if (batch->json.at.length + sizeof("]}") - 1 >= BODY_LIMIT) {
    relais_json_rewind(&batch->json, mark);
    return 0;
  }
  batch->members[batch->count++] = index;
  if (!ga4_is(ga4_event_name(event), "purchase") || ga4_blank(event->transaction_id)) {
    batch->is_idempotent = 0;
  }
  return 1;
}

/* Ends the batch and begins another with the event; 0: even there it has no room. What is to be
 * said of it has been said. */
static int add_to_next(ga4_encoder *encoder, mp_batch *batch, uint32_t index, uint32_t routes,
                       relais_status *status) {
  *status = end_batch(encoder, batch, routes);
  if (*status != RELAIS_OK) return 0;
  encoder->is_muted = 1;
  begin_batch(encoder, batch, ga4_event(encoder, index));
  int is_added = add_event(encoder, batch, index);
  encoder->is_muted = 0;
  return is_added;
}

relais_status ga4_measurement(ga4_encoder *encoder, uint32_t first, const uint32_t *next,
                              uint32_t routes) {
  relais_status status = RELAIS_OK;
  mp_batch batch;
  encoder->shared_first = first;
  encoder->shared_next = next;
  begin_batch(encoder, &batch, ga4_event(encoder, first));
  encoder->shared_next = NULL;
  for (uint32_t i = first; i != GA4_END && status == RELAIS_OK; i = next[i]) {
    if (add_event(encoder, &batch, i)) continue;
    if (batch.count && add_to_next(encoder, &batch, i, routes, &status)) continue;
    if (status != RELAIS_OK) return status;
    status = ga4_reject(encoder, i, RELAIS_STR("event_too_large"),
                        RELAIS_STR("VALUE_OUT_OF_BOUNDS: a Measurement Protocol request must be "
                                   "smaller than 130 kB"));
  }
  return status == RELAIS_OK ? end_batch(encoder, &batch, routes) : status;
}
