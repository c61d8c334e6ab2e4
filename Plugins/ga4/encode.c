/* From events to requests: which transport an event takes, and which events share a request.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ga4.h"

enum { MAX_EVENTS_PER_REQUEST = 25 };

#define NO_UNIT UINT32_MAX

/* /g/collect has no parameter for the time of an event: what is older would count too late. */
static const int64_t longest_wait_for_collect_ms = 15 * 60 * 1000;
/* "Late events", Measurement Protocol reference: older events are not placed in time. */
static const int64_t longest_age_ms = 72 * 3600 * (int64_t)1000;

/* A request to be: hits of one batch, or events for the Measurement Protocol. */
typedef struct ga4_unit {
  uint32_t first, last, count;
  uint32_t routes; /* GA4_ROUTE_*; 0: a hit for /g/collect */
} ga4_unit;

const relais_event *ga4_event(const ga4_encoder *encoder, uint32_t index) {
  return RELAIS_AT(encoder->events, relais_event, index);
}

static uint32_t index_of(const ga4_encoder *encoder, const relais_event *event) {
  size_t offset = (size_t)((const char *)event - (const char *)encoder->events.ptr);
  return (uint32_t)(offset / encoder->events.stride);
}

static void tell(const ga4_encoder *encoder, relais_level level, uint32_t index,
                 relais_str message) {
  char pointer[32];
  int length = snprintf(pointer, sizeof pointer, "/events/%u", index);
  if (length < 0) return;
  encoder->call->diagnose(encoder->call->ctx, level, (relais_str){pointer, (size_t)length},
                          message);
}

void ga4_note(const ga4_encoder *encoder, relais_level level, const relais_event *event,
              const char *format, ...) {
  char text[1024]; /* names are shown with at most 64 characters */
  if (encoder->is_muted) return;
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  relais_str message = {text, strlen(text)};
  if (!encoder->shared_next) {
    tell(encoder, level, index_of(encoder, event), message);
    return;
  }
  for (uint32_t i = encoder->shared_first; i != GA4_END; i = encoder->shared_next[i]) {
    tell(encoder, level, i, message);
  }
}

relais_status ga4_reject(const ga4_encoder *encoder, uint32_t index, relais_str reason,
                         relais_str detail) {
  relais_verdict verdict = {.struct_size = sizeof verdict,
                            .code = RELAIS_REJECT,
                            .reason = reason,
                            .detail = detail};
  return encoder->output->settle(encoder->output->ctx, index, &verdict);
}

static relais_status drop(const ga4_encoder *encoder, uint32_t index, relais_str reason,
                          relais_str detail) {
  relais_verdict verdict = {
      .struct_size = sizeof verdict, .code = RELAIS_DROP, .reason = reason, .detail = detail};
  return encoder->output->settle(encoder->output->ctx, index, &verdict);
}

static int is_gtag_hit(const relais_event *event) {
  return ga4_is(event->client, "gtag") && event->ga4.count > 0;
}

/* 0: /g/collect; else why the Measurement Protocol. */
static uint32_t route_of(const ga4_encoder *encoder, const relais_event *event) {
  if (!is_gtag_hit(event)) return GA4_ROUTE_NOT_GTAG;
  if (encoder->instance->measurement_protocol_only) return GA4_ROUTE_CONFIGURED;
  int64_t waited_ms = encoder->call->now_ms - event->received_micros / 1000;
  return waited_ms > longest_wait_for_collect_ms ? GA4_ROUTE_LATE : 0;
}

static int has_flag(const relais_event *event, const char *key) {
  relais_str value = ga4_find(event->ga4, key);
  return !ga4_blank(value) && !ga4_is(value, "0");
}

/* What of a hit of gtag.js only /g/collect can take: " and lost with it: …", or nothing. */
static relais_str losses(const relais_event *event, int loses_engagement, char *text, size_t size) {
  char parts[3][64];
  int count = 0, used = 0;
  if (has_flag(event, "_fv")) snprintf(parts[count++], 64, "a first visit");
  if (has_flag(event, "_ss")) snprintf(parts[count++], 64, "a session's start");
  if (loses_engagement && event->engagement_time_msec.value >= 1) {
    snprintf(parts[count++], 64, "%.0f ms of engagement", event->engagement_time_msec.value);
  }
  for (int i = 0; i < count && used >= 0 && (size_t)used < size; i++) {
    used += snprintf(text + used, size - (size_t)used, "%s%s", i ? ", " : "; lost: ", parts[i]);
  }
  return (relais_str){text, used > 0 && (size_t)used < size ? (size_t)used : 0};
}

static relais_status reject_late(const ga4_encoder *encoder, uint32_t index) {
  char lost[192], detail[400];
  relais_str what = losses(ga4_event(encoder, index), 1, lost, sizeof lost);
  snprintf(detail, sizeof detail,
           "NAME_RESERVED: received more than 15 minutes ago; /g/collect cannot say when it happened "
           "and the Measurement Protocol refuses the name%.*s",
           (int)what.len, what.ptr);
  return ga4_reject(encoder, index, RELAIS_STR("too_late_for_collect"),
                    (relais_str){detail, strlen(detail)});
}

/* Why the Measurement Protocol cannot take the event's name: settles the event. 1: it can. */
static int has_name_for_measurement(const ga4_encoder *encoder, uint32_t index, uint32_t route,
                                    relais_status *status) {
  const relais_event *event = ga4_event(encoder, index);
  int check = ga4_event_name_check(ga4_event_name(event));
  if (check == GA4_NAME_FINE) return 1;
  if (check == GA4_NAME_INVALID) {
    *status = ga4_reject(encoder, index, RELAIS_STR("invalid_event_name"),
                         RELAIS_STR("NAME_INVALID: GA4 takes a letter, then letters, digits and _, "
                                    "40 in all; rename it under events: with as:"));
  } else if (route == GA4_ROUTE_LATE) {
    *status = reject_late(encoder, index);
  } else if (route == GA4_ROUTE_CONFIGURED) {
    *status = drop(encoder, index, RELAIS_STR("reserved_event_name"),
                   RELAIS_STR("NAME_RESERVED: gtag.js sends this event by itself and the Measurement "
                              "Protocol refuses it; transport: auto forwards it"));
  } else {
    *status = ga4_reject(encoder, index, RELAIS_STR("reserved_event_name"),
                         RELAIS_STR("NAME_RESERVED: the Measurement Protocol refuses this name; "
                                    "rename the event under events: with as:"));
  }
  return 0;
}

/* A ping has no time and no id that anybody knows again: nothing but /g/collect takes it. */
static int is_sendable_ping(const ga4_encoder *encoder, uint32_t index, uint32_t route,
                            relais_status *status) {
  if (route == 0) return 1;
  if (route == GA4_ROUTE_LATE) {
    *status = drop(encoder, index, RELAIS_STR("ping_too_late"),
                   RELAIS_STR("received more than 15 minutes ago: a ping counts when it arrives"));
  } else {
    *status = drop(encoder, index, RELAIS_STR("ping_needs_collect"),
                   RELAIS_STR("only a hit of gtag.js can be a ping, and only by /g/collect; the "
                              "Measurement Protocol has no form for it"));
  }
  return 0;
}

static int has_client_id(const relais_event *event, uint32_t route) {
  if (!ga4_blank(event->client_id)) return 1;
  return route == 0 && !ga4_blank(ga4_find(event->ga4, "cid"));
}

/* Settles an event that GA4 cannot take. 1: it can be sent. */
static int is_sendable(const ga4_encoder *encoder, uint32_t index, uint32_t route,
                       relais_status *status) {
  const relais_event *event = ga4_event(encoder, index);
  *status = RELAIS_OK;
  if (event->flags & RELAIS_EVENT_PING) return is_sendable_ping(encoder, index, route, status);
  if (!has_client_id(event, route)) {
    *status = ga4_reject(encoder, index, RELAIS_STR("missing_client_id"),
                         RELAIS_STR("VALUE_REQUIRED: GA4 needs the browser's client_id (cookie _ga, "
                                    "or the gtag API's client_id); send it with the event"));
    return 0;
  }
  if (route == 0) return 1;
  int64_t age_ms = encoder->call->now_ms - event->timestamp_micros / 1000;
  if (event->timestamp_micros > 0 && age_ms > longest_age_ms) {
    *status = ga4_reject(encoder, index, RELAIS_STR("too_old"),
                         RELAIS_STR("VALUE_OUT_OF_BOUNDS: older than the 72 hours of the "
                                    "Measurement Protocol"));
    return 0;
  }
  return has_name_for_measurement(encoder, index, route, status);
}

static int fits(const ga4_encoder *encoder, const ga4_unit *unit, const relais_event *event,
                uint32_t route) {
  const relais_event *head = ga4_event(encoder, unit->first);
  if (!route || !unit->routes) {
    return !route && !unit->routes && unit->count < GA4_MOST_HITS && ga4_collect_agree(head, event);
  }
  return unit->count < MAX_EVENTS_PER_REQUEST && ga4_measurement_agree(encoder, head, event);
}

/* The request that may take the event: the client's newest, so that a client's events stay in their
 * order. The hits of one batch follow each other. */
static uint32_t unit_for(const ga4_encoder *encoder, const ga4_unit *units, uint32_t count,
                         const relais_event *event, uint32_t route) {
  if (!route) {
    return count && fits(encoder, &units[count - 1], event, route) ? count - 1 : NO_UNIT;
  }
  for (uint32_t i = count; i > 0; i--) {
    const relais_event *head = ga4_event(encoder, units[i - 1].first);
    if (!ga4_equal(head->client_id, event->client_id)) continue;
    return fits(encoder, &units[i - 1], event, route) ? i - 1 : NO_UNIT;
  }
  return NO_UNIT;
}

static void explain_collect(const ga4_encoder *encoder, const relais_event *event) {
  if (ga4_collect_lacks_order(event)) {
    ga4_note(encoder, RELAIS_WARNING, event,
             "VALUE_INVALID: transaction_id left out: it is a placeholder, and GA4 would count all "
             "purchases that have it as one");
  }
  if (encoder->instance->validate) {
    ga4_note(encoder, RELAIS_INFO, event,
             "not validated: Google's validation server takes no hits of /g/collect");
  }
}

static void explain_route(const ga4_encoder *encoder, const relais_event *event, uint32_t route) {
  if (!route) explain_collect(encoder, event);
  if (route == GA4_ROUTE_LATE) {
    char lost[192];
    relais_str what = losses(event, 0, lost, sizeof lost);
    int64_t minutes = (encoder->call->now_ms - event->received_micros / 1000) / 60000;
    ga4_note(encoder, RELAIS_INFO, event,
             "received %lld minutes ago: sent by Measurement Protocol, which says when it "
             "happened%.*s",
             (long long)minutes, (int)what.len, what.ptr);
  }
  if (route && ga4_blank(event->session_id)) {
    ga4_note(encoder, RELAIS_INFO, event, "no session_id: GA4 attributes the event to no session");
  }
}

/* Puts every sendable event into a unit; the others are settled. */
static relais_status arrange(ga4_encoder *encoder, ga4_unit *units, uint32_t *count,
                             uint32_t *next) {
  for (uint32_t i = 0; i < encoder->events.count; i++) {
    const relais_event *event = ga4_event(encoder, i);
    uint32_t route = route_of(encoder, event);
    relais_status status;
    next[i] = GA4_END;
    if (!is_sendable(encoder, i, route, &status)) {
      if (status != RELAIS_OK) return status;
      continue;
    }
    explain_route(encoder, event, route);
    uint32_t at = unit_for(encoder, units, *count, event, route);
    if (at == NO_UNIT) {
      units[(*count)++] = (ga4_unit){.first = i, .last = i, .count = 1, .routes = route};
      continue;
    }
    next[units[at].last] = i;
    units[at].last = i;
    units[at].count++;
    units[at].routes |= route;
  }
  return RELAIS_OK;
}

relais_status ga4_encode(relais_instance *instance, const relais_call *call, relais_list events,
                         const relais_output *output) {
  if (events.count == 0) return RELAIS_OK;
  ga4_encoder encoder = {.instance = instance,
                         .call = call,
                         .events = events,
                         .output = output,
                         .url = {.call = call},
                         .body = {.call = call},
                         .piece = {.call = call}};
  ga4_unit *units = call->alloc(call->ctx, events.count * sizeof *units, _Alignof(ga4_unit));
  uint32_t *next = call->alloc(call->ctx, events.count * sizeof *next, _Alignof(uint32_t));
  uint32_t count = 0;
  if (!units || !next) return RELAIS_E_NOMEM;
  relais_status status = arrange(&encoder, units, &count, next);
  for (uint32_t i = 0; i < count && status == RELAIS_OK; i++) {
    if (call->cancelled(call->ctx)) return RELAIS_E_CANCELLED;
    status = units[i].routes
                 ? ga4_measurement(&encoder, units[i].first, next, units[i].routes)
                 : ga4_collect(&encoder, units[i].first, next);
  }
  return status;
}
