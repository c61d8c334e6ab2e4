/* Requests that carry many events in one JSON body: filled until they are full, without the events
 * that must not go along. The vendor's functions write what is the vendor's.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_BATCH_H
#define RELAIS_COMMON_BATCH_H

#include <stdio.h>

#include "relais/json.h"
#include "relais/plugin.h"
#include "text.h"

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
  uint32_t *omitted;     /* of each event: a bit for what was left out of it */
} batch;

typedef struct batch_vendor {
  uint32_t max_events;
  size_t max_bytes;
  size_t usual_bytes;         /* of one event: what is reserved */
  const char *too_large;      /* what is said of an event that no request can carry */
  const omission *omissions;  /* at most 32 */
  uint32_t omission_count;
  size_t (*tail_size)(const relais_instance *); /* room for what close() writes */
  void (*open)(batch *);      /* begins the body, up to the first event */
  refusal (*write)(batch *, const relais_event *);
  void (*close)(batch *);     /* ends the body behind the last event */
  /* Fills in url and headers, and hands the request over. */
  relais_status (*send)(batch *, relais_request *);
} batch_vendor;

/* Notes that something was left out of the event, for batch_report to say once. */
static inline void batch_omit(batch *b, const relais_event *event, uint32_t what) {
  size_t offset = (size_t)((const char *)event - (const char *)b->events.ptr);
  b->omitted[offset / b->events.stride] |= UINT32_C(1) << what;
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
    b->omitted[index] = 0;
    return batch_settle(b, index, why);
  }
  b->covered[b->count++] = index;
  return RELAIS_OK;
}

/* Says of each event what was left out of it, so that its receipt shows it. */
static inline void batch_report(const batch *b) {
  char pointer[sizeof "/events/4294967295"];
  for (uint32_t i = 0; i < b->events.count; i++) {
    int length = b->omitted[i] ? snprintf(pointer, sizeof pointer, "/events/%u", i) : 0;
    for (uint32_t what = 0; length > 0 && what < b->vendor->omission_count; what++)
      if (b->omitted[i] >> what & 1)
        b->call->diagnose(b->call->ctx, b->vendor->omissions[what].level,
                          (relais_str){pointer, (size_t)length},
                          text_of(b->vendor->omissions[what].text));
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
  b->omitted = call->alloc(call->ctx, events.count * sizeof *b->omitted, _Alignof(uint32_t));
  if (!b->covered || !b->omitted) return RELAIS_E_NOMEM;
  memset(b->omitted, 0, events.count * sizeof *b->omitted);
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
