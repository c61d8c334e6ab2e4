/* What a request of the Measurement Protocol says once: whose browser it was, where, and what the visitor
 * agreed to. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ga4.h"
#include "relais/jansson.h"

enum { MAX_PROPERTIES = 25, MAX_PROPERTY_TEXT = 36 };

/* ---- Which events say the same --------------------------------------------------------------- */

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

int ga4_same_visitor(const ga4_encoder *encoder, const relais_event *a, const relais_event *b) {
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
         ga4_in_europe(encoder->instance, a) == ga4_in_europe(encoder->instance, b);
}

/* ---- Writing --------------------------------------------------------------------------------- */

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

void ga4_visitor_write(ga4_encoder *encoder, relais_json *json, const relais_event *event) {
  relais_json_put_string(json, RELAIS_STR("client_id"), event->client_id);
  put_if_filled(json, RELAIS_STR("user_id"), event->user_id);
  put_properties(encoder, json, event);
  put_user_data(encoder, json, event);
  put_consent(json, event);
  put_place(encoder, json, event);
  put_device(json, event);
}
