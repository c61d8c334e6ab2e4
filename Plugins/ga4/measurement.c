/* The transport for everything that gtag.js did not send: the Measurement Protocol
 * (developers.google.com/analytics/devguides/collection/protocol/ga4/reference). This file writes
 * what a request says once; params.c writes the events. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ga4.h"
#include "relais/jansson.h"

enum {
  MAX_EVENTS = 25,
  BODY_LIMIT = 130 * 1000, /* a body must be smaller */
  MAX_PROPERTIES = 25,
  MAX_PROPERTY_TEXT = 36
};

/* ---- Which events may share a request -------------------------------------------------------- */

static int same_params(relais_list a, relais_list b) {
  if (a.count != b.count) return 0;
  for (uint32_t i = 0; i < a.count; i++) {
    const relais_param *x = RELAIS_AT(a, relais_param, i), *y = RELAIS_AT(b, relais_param, i);
    if (x->type != y->type || !ga4_equal(x->key, y->key) || !ga4_equal(x->text, y->text)) return 0;
  }
  return 1;
}

int ga4_same_identifiers(relais_list a, relais_list b) {
  if (a.count != b.count) return 0;
  for (uint32_t i = 0; i < a.count; i++) {
    const relais_identifier *x = RELAIS_AT(a, relais_identifier, i);
    const relais_identifier *y = RELAIS_AT(b, relais_identifier, i);
    if (x->group != y->group || !ga4_equal(x->kind, y->kind) || !ga4_equal(x->recipe, y->recipe) ||
        !ga4_equal(x->value, y->value)) {
      return 0;
    }
  }
  return 1;
}

static int same_consent(const relais_event *a, const relais_event *b, const char *purpose) {
  return ga4_equal(ga4_consent(a, purpose), ga4_consent(b, purpose));
}

/* An earlier attempt had the event validated. */
static int is_validated(const relais_event *event) {
  for (uint32_t i = 0; i < event->done.count; i++) {
    if (ga4_is(*RELAIS_AT(event->done, relais_str, i), GA4_VALIDATION)) return 1;
  }
  return 0;
}

int ga4_measurement_agree(const ga4_encoder *encoder, const relais_event *a,
                          const relais_event *b) {
  if (!ga4_equal(a->client_id, b->client_id) || !ga4_equal(a->user_id, b->user_id)) return 0;
  if (!ga4_equal(a->ip_override, b->ip_override)) return 0;
  if (!ga4_equal(a->user_agent, b->user_agent)) return 0;
  if (!ga4_equal(ga4_device(a), ga4_device(b))) return 0;
  if (!ga4_equal(a->geo_country, b->geo_country) || !ga4_equal(a->geo_region, b->geo_region) ||
      !ga4_equal(a->geo_city, b->geo_city)) {
    return 0;
  }
  if (ga4_blank(a->user_agent) && (!ga4_equal(a->language, b->language) ||
                                   !ga4_equal(a->screen_resolution, b->screen_resolution))) {
    return 0;
  }
  return same_consent(a, b, "ad_user_data") && same_consent(a, b, "ad_personalization") &&
         same_params(a->user_properties, b->user_properties) &&
         ga4_same_identifiers(a->user_data, b->user_data) &&
         ga4_in_europe(encoder->instance, a) == ga4_in_europe(encoder->instance, b) &&
         is_validated(a) == is_validated(b);
}

/* ---- What a request says once ---------------------------------------------------------------- */

static ga4_problem property_problem(relais_list properties, uint32_t index, uint32_t count) {
  relais_str key = RELAIS_AT(properties, relais_param, index)->key;
  for (uint32_t i = index + 1; i < properties.count; i++) {
    if (ga4_equal(RELAIS_AT(properties, relais_param, i)->key, key)) {
      return (ga4_problem){"NAME_DUPLICATED", "a later one has the same name"};
    }
  }
  switch (ga4_property_name_check(key)) {
    case GA4_NAME_RESERVED:
      return (ga4_problem){"NAME_RESERVED", "Google keeps the name for itself"};
    case GA4_NAME_INVALID:
      return (ga4_problem){"NAME_INVALID",
                           "a name is a letter, then letters, digits and _, 24 in all"};
    default:
      break;
  }
  if (count < MAX_PROPERTIES) return (ga4_problem){NULL, NULL};
  return (ga4_problem){"EXCEEDED_MAX_ENTITIES", "GA4 takes 25 of them a request"};
}

/* A property with a time of its own, as a sender of the Measurement Protocol gave it:
 * {"value": ..., "timestamp_micros": ...}. NULL for every other value. */
static json_t *dated_property(const relais_param *property) {
  if (property->type != RELAIS_TYPE_JSON || !property->text.ptr) return NULL;
  json_t *object = json_loadb(property->text.ptr, property->text.len, 0, NULL);
  json_t *value = json_object_get(object, "value");
  int is_scalar = json_is_string(value) || json_is_number(value) || json_is_boolean(value);
  if (is_scalar && json_is_integer(json_object_get(object, "timestamp_micros"))) return object;
  json_decref(object);
  return NULL;
}

/* Numbers keep their digits: only a text has to be measured. */
static void put_dated(const ga4_encoder *encoder, relais_json *json, const relais_event *event,
                      const relais_param *property, const json_t *object) {
  const json_t *value = json_object_get(object, "value");
  if (!json_is_string(value)) {
    relais_json_raw(json, property->text);
    return;
  }
  relais_str text = {json_string_value(value), json_string_length(value)};
  relais_json_begin_object(json);
  relais_json_put_string(json, RELAIS_STR("value"),
                         ga4_cut(encoder, event, property->key, text, MAX_PROPERTY_TEXT));
  relais_json_put_int(json, RELAIS_STR("timestamp_micros"),
                      json_integer_value(json_object_get(object, "timestamp_micros")));
  relais_json_end_object(json);
}

static void put_properties(const ga4_encoder *encoder, relais_json *json,
                           const relais_event *event) {
  relais_list properties = event->user_properties;
  uint32_t count = 0;
  for (uint32_t i = 0; i < properties.count; i++) {
    const relais_param *property = RELAIS_AT(properties, relais_param, i);
    ga4_problem problem = property_problem(properties, i, count);
    if (problem.code) {
      ga4_note(encoder, RELAIS_WARNING, event, "%s: user property %.*s left out: %s", problem.code,
               (int)ga4_prefix_of(property->key, 64).len, property->key.ptr, problem.why);
      continue;
    }
    json_t *dated = dated_property(property);
    if (!dated && !ga4_scalar(encoder, event, property)) continue;
    if (count++ == 0) {
      relais_json_key(json, RELAIS_STR("user_properties"));
      relais_json_begin_object(json);
    }
    relais_json_key(json, property->key);
    if (dated) {
      put_dated(encoder, json, event, property, dated);
    } else {
      relais_json_begin_object(json);
      relais_json_key(json, RELAIS_STR("value"));
      ga4_scalar_write(encoder, json, event, property, MAX_PROPERTY_TEXT);
      relais_json_end_object(json);
    }
    json_decref(dated);
  }
  if (count) relais_json_end_object(json);
}

static void put_hashes(relais_json *json, relais_str name, const relais_str *values,
                       uint32_t count) {
  if (count == 0) return;
  relais_json_key(json, name);
  if (count > 1) relais_json_begin_array(json);
  for (uint32_t i = 0; i < count; i++) relais_json_string(json, values[i]);
  if (count > 1) relais_json_end_array(json);
}

static void put_addresses(relais_json *json, const ga4_user_data *data) {
  if (data->address_count == 0) return;
  relais_json_key(json, RELAIS_STR("address"));
  if (data->address_count > 1) relais_json_begin_array(json);
  for (uint32_t i = 0; i < data->address_count; i++) {
    const ga4_address *address = &data->address[i];
    relais_json_begin_object(json);
    relais_json_put_string(json, RELAIS_STR("sha256_first_name"), address->first_name);
    relais_json_put_string(json, RELAIS_STR("sha256_last_name"), address->last_name);
    relais_json_put_string(json, RELAIS_STR("sha256_street"), address->street);
    relais_json_put_string(json, RELAIS_STR("city"), address->city);
    relais_json_put_string(json, RELAIS_STR("region"), address->region);
    relais_json_put_string(json, RELAIS_STR("postal_code"), address->postal_code);
    relais_json_put_string(json, RELAIS_STR("country"), address->country);
    relais_json_end_object(json);
  }
  if (data->address_count > 1) relais_json_end_array(json);
}

/* "Send user-provided data": hashed values, and only in a request with user_id. */
static void put_user_data(const ga4_encoder *encoder, relais_json *json,
                          const relais_event *event) {
  ga4_user_data data;
  if (!ga4_user_data_read(encoder, event, &data)) return;
  if (ga4_blank(event->user_id)) {
    ga4_note(encoder, RELAIS_INFO, event, "VALUE_REQUIRED: user data left out: GA4 takes it only with a user_id");
    return;
  }
  relais_json_key(json, RELAIS_STR("user_data"));
  relais_json_begin_object(json);
  put_hashes(json, RELAIS_STR("sha256_email_address"), data.email, data.email_count);
  put_hashes(json, RELAIS_STR("sha256_phone_number"), data.phone, data.phone_count);
  put_addresses(json, &data);
  relais_json_end_object(json);
}

/* GRANTED or DENIED; absent where nobody said anything, and GA4 asks its own records. */
static relais_str consent_word(const relais_event *event, const char *purpose) {
  relais_str state = ga4_consent(event, purpose);
  if (ga4_is(state, "granted")) return RELAIS_STR("GRANTED");
  if (ga4_is(state, "denied") || ga4_is(state, "pending")) return RELAIS_STR("DENIED");
  return (relais_str){NULL, 0};
}

static void put_consent(relais_json *json, const relais_event *event) {
  relais_str user_data = consent_word(event, "ad_user_data");
  relais_str personalization = consent_word(event, "ad_personalization");
  if (!user_data.ptr && !personalization.ptr) return;
  relais_json_key(json, RELAIS_STR("consent"));
  relais_json_begin_object(json);
  relais_json_put_string(json, RELAIS_STR("ad_user_data"), user_data);
  relais_json_put_string(json, RELAIS_STR("ad_personalization"), personalization);
  relais_json_end_object(json);
}

static void put_if_filled(relais_json *json, relais_str key, relais_str value) {
  if (!ga4_blank(value)) relais_json_put_string(json, key, value);
}

/* GA4 ignores ip_override beside user_location, so only one of them goes. */
static void put_place(ga4_encoder *encoder, relais_json *json, const relais_event *event) {
  if (!ga4_blank(event->ip_override)) {
    relais_json_put_string(json, RELAIS_STR("ip_override"), event->ip_override);
    return;
  }
  if (ga4_blank(event->geo_country)) return;
  relais_json_key(json, RELAIS_STR("user_location"));
  relais_json_begin_object(json);
  put_if_filled(json, RELAIS_STR("city"), event->geo_city);
  if (!ga4_blank(event->geo_region)) {
    ga4_text *region = &encoder->piece;
    region->len = 0;
    ga4_text_str(region, event->geo_country);
    GA4_TEXT_LITERAL(region, "-");
    ga4_text_str(region, event->geo_region);
    relais_json_put_string(json, RELAIS_STR("region_id"), (relais_str){region->ptr, region->len});
  }
  relais_json_put_string(json, RELAIS_STR("country_id"), event->geo_country);
  relais_json_end_object(json);
}

/* `device` outweighs `user_agent`, from which GA4 reads far more: one is made up only where there is
 * no user agent. What a sender said of the device goes as it is. */
static void put_device(relais_json *json, const relais_event *event) {
  put_if_filled(json, RELAIS_STR("user_agent"), event->user_agent);
  relais_str given = ga4_device(event);
  if (given.ptr) {
    relais_json_key(json, RELAIS_STR("device"));
    relais_json_raw(json, given);
    return;
  }
  if (!ga4_blank(event->user_agent)) return;
  if (ga4_blank(event->language) && ga4_blank(event->screen_resolution)) return;
  relais_json_key(json, RELAIS_STR("device"));
  relais_json_begin_object(json);
  put_if_filled(json, RELAIS_STR("language"), event->language);
  put_if_filled(json, RELAIS_STR("screen_resolution"), event->screen_resolution);
  relais_json_end_object(json);
}

/* ---- Requests -------------------------------------------------------------------------------- */

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
  relais_json_put_string(json, RELAIS_STR("client_id"), event->client_id);
  put_if_filled(json, RELAIS_STR("user_id"), event->user_id);
  put_properties(encoder, json, event);
  put_user_data(encoder, json, event);
  put_consent(json, event);
  put_place(encoder, json, event);
  put_device(json, event);
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
