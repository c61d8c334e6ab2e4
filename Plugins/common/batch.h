/* Requests that carry many events in one JSON body: filled until they are full, without the events
 * that must not go along. The vendor's functions write what is the vendor's.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_BATCH_H
#define RELAIS_COMMON_BATCH_H

#include <stdio.h>

#include "relais/json.h"
#include "relais/plugin.h"
#include "text.h"

enum { BATCH_MAX_OMISSIONS = 16 };

/* Why an event cannot be sent; reason.ptr == NULL: it can. */
typedef struct refusal {
  relais_verdict_code code; /* DROP or REJECT */
  relais_str reason;
  relais_str detail;
} refusal;

static const refusal not_refused = {0, {NULL, 0}, {NULL, 0}};

#define REFUSAL(verdict, reason, detail) \
  ((refusal){RELAIS_##verdict, RELAIS_STR(reason), RELAIS_STR(detail)})

/* What was left out of events that are sent nevertheless. */
typedef struct omission {
  relais_level level;
  const char *text;
} omission;

/* What one encode() call works with. */
typedef struct batch {
  const struct batch_vendor *vendor;
  const relais_instance *instance;
  const relais_call *call;
  relais_list events;
  const relais_output *output;
  relais_json json;      /* the body of the request being built */
  uint32_t *covered;     /* the events in it */
  uint32_t count;
  uint32_t omitted[BATCH_MAX_OMISSIONS];
  relais_str first_omitted[BATCH_MAX_OMISSIONS]; /* the first event's id */
} batch;

typedef struct batch_vendor {
  uint32_t max_events;
  size_t max_bytes;
  size_t usual_bytes;         /* of one event: what is reserved */
  const char *too_large;      /* what is said of an event that no request can carry */
  const omission *omissions;  /* at most BATCH_MAX_OMISSIONS */
  uint32_t omission_count;
  size_t (*tail_size)(const relais_instance *); /* room for what close() writes */
  void (*open)(batch *);      /* begins the body, up to the first event */
  refusal (*write)(batch *, const relais_event *);
  void (*close)(batch *);     /* ends the body behind the last event */
  /* Fills in url and headers, and hands the request over. */
  relais_status (*send)(batch *, relais_request *);
} batch_vendor;

/* Notes that something was left out; one message for each kind, however many events there are. */
static inline void batch_omit(batch *b, const relais_event *event, uint32_t what) {
  if (!b->omitted[what]++) b->first_omitted[what] = event->event_id;
}

static inline relais_status batch_settle(batch *b, uint32_t index, refusal why) {
  const relais_verdict verdict = {.struct_size = sizeof verdict,
                                  .code = why.code,
                                  .reason = why.reason,
                                  .detail = why.detail};
  return b->output->settle(b->output->ctx, index, &verdict);
}

/* Begins a request. */
static inline void batch_begin(batch *b) {
  relais_json_restart(&b->json);
  b->count = 0;
  b->vendor->open(b);
}

static inline relais_status batch_error_(const batch *b) {
  if (!b->json.error) return RELAIS_OK;
  return b->json.error == RELAIS_JSON_E_NOMEM ? RELAIS_E_NOMEM : RELAIS_E_FAILED;
}

/* Hands over the request being built, unless it is empty. */
static inline relais_status batch_finish(batch *b) {
  if (!b->count) return RELAIS_OK;
  b->vendor->close(b);
  relais_request request = {
      .struct_size = sizeof request,
      .flags = RELAIS_REQUEST_IDEMPOTENT,
      .method = RELAIS_STR("POST"),
      .body = relais_json_finish(&b->json),
      .events = {b->covered, b->count, sizeof *b->covered},
  };
  return request.body.ptr ? b->vendor->send(b, &request) : batch_error_(b);
}

static inline int batch_is_full_(const batch *b) {
  return b->json.at.length + b->vendor->tail_size(b->instance) > b->vendor->max_bytes;
}

/* Adds one event to the request being built, to a new one when it does not fit, or settles it. */
static inline relais_status batch_add(batch *b, uint32_t index) {
  const relais_event *event = RELAIS_AT(b->events, relais_event, index);
  relais_status status = RELAIS_OK;
  if (b->count == b->vendor->max_events) {
    status = batch_finish(b);
    if (status) return status;
    batch_begin(b);
  }
  relais_json_mark before = b->json.at;
  refusal why = b->vendor->write(b, event);
  if (!why.reason.ptr && batch_is_full_(b) && b->count) {
    relais_json_rewind(&b->json, before);
    status = batch_finish(b);
    if (status) return status;
    batch_begin(b);
    before = b->json.at;
    why = b->vendor->write(b, event);
  }
  if (!why.reason.ptr && batch_is_full_(b))
    why = (refusal){RELAIS_REJECT, RELAIS_STR("too_large"), text_of(b->vendor->too_large)};
  if (b->json.error) return batch_error_(b);
  if (why.reason.ptr) {
    relais_json_rewind(&b->json, before);
    return batch_settle(b, index, why);
  }
  b->covered[b->count++] = index;
  return RELAIS_OK;
}

/* Says what was left out of the events that were added. */
static inline void batch_report(const batch *b) {
  char text[256];
  for (uint32_t i = 0; i < b->vendor->omission_count; i++) {
    relais_str id = b->first_omitted[i];
    if (!b->omitted[i]) continue;
    if (id.len > 64) id.len = 64;
    while (id.len && ((unsigned char)id.ptr[id.len - 1] & 0x80)) id.len -= 1;
    int length = snprintf(text, sizeof text, "%s (%u times, first in event %.*s)",
                          b->vendor->omissions[i].text, b->omitted[i], (int)id.len, id.ptr);
    if (length > 0 && (size_t)length < sizeof text)
      b->call->diagnose(b->call->ctx, b->vendor->omissions[i].level, (relais_str){NULL, 0},
                        (relais_str){text, (size_t)length});
  }
}

/* Takes the memory that a call needs. Then, for each kind of request: batch_begin, batch_add for its
 * events, batch_finish; and batch_report at the end. */
static inline relais_status batch_start(batch *b, const batch_vendor *vendor,
                                        const relais_instance *instance, const relais_call *call,
                                        relais_list events, const relais_output *output) {
  *b = (batch){.vendor = vendor, .instance = instance, .call = call, .events = events,
               .output = output};
  b->covered = call->alloc(call->ctx, events.count * sizeof *b->covered, _Alignof(uint32_t));
  if (!b->covered) return RELAIS_E_NOMEM;
  size_t expected = (size_t)events.count * vendor->usual_bytes + 256;
  relais_json_start(&b->json, call, expected < vendor->max_bytes ? expected : vendor->max_bytes);
  return RELAIS_OK;
}

/* The whole of encode(), for vendors that have one kind of request. */
static inline relais_status batch_encode(const batch_vendor *vendor,
                                         const relais_instance *instance, const relais_call *call,
                                         relais_list events, const relais_output *output) {
  batch b;
  if (!events.count) return RELAIS_OK;
  relais_status status = batch_start(&b, vendor, instance, call, events, output);
  if (!status) batch_begin(&b);
  for (uint32_t i = 0; i < events.count && !status; i++) {
    if (call->cancelled(call->ctx)) return RELAIS_E_CANCELLED;
    status = batch_add(&b, i);
  }
  if (!status) status = batch_finish(&b);
  if (!status) batch_report(&b);
  return status;
}

#endif
