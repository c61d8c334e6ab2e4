/* One event of the Measurement Protocol: its name, its time and its parameters within GA4's limits.
 * SPDX-License-Identifier: Apache-2.0 */
#include "../common/currency.h"
#include "ga4.h"

enum {
  MAX_PARAMS = 25,
  MAX_TEXT = 100, /* characters of a parameter's value */
  MAX_PAGE_TITLE = 300,
  MAX_PAGE_REFERRER = 420,
  MAX_PAGE_LOCATION = 1000
};

/* Fields of the event that are parameters of GA4, and what the plugin adds: a sender's parameter of
 * that name would come twice. */
static const char *const own_params[] = {
    "session_id", "engagement_time_msec", "event_id", "page_location", "page_title",
    "page_referrer", "language", "currency", "value", "transaction_id", "coupon", "tax",
    "shipping", "items", "debug_mode", "session_number", "screen_resolution", NULL};

typedef struct param_writer {
  const ga4_encoder *encoder;
  relais_json *json;
  const relais_event *event;
  uint32_t count;
} param_writer;

relais_str ga4_event_name(const relais_event *event) {
  return ga4_blank(event->send_as) ? event->event_name : event->send_as;
}

static int shown(relais_str text) { return (int)ga4_prefix_of(text, 64).len; }

relais_str ga4_cut(const ga4_encoder *encoder, const relais_event *event, relais_str name,
                   relais_str value, size_t characters) {
  relais_str cut = ga4_prefix_of(value, characters);
  if (cut.len < value.len) {
    ga4_note(encoder, RELAIS_INFO, event, "VALUE_OUT_OF_BOUNDS: %.*s cut to the %zu characters that GA4 keeps",
             shown(name), name.ptr, characters);
  }
  return cut;
}

int ga4_scalar(const ga4_encoder *encoder, const relais_event *event, const relais_param *param) {
  if (param->type == RELAIS_TYPE_JSON || !param->text.ptr) {
    ga4_note(encoder, RELAIS_WARNING, event,
             "VALUE_INVALID: %.*s left out: GA4 takes a string or a number, not an object, array or "
             "null",
             shown(param->key), param->key.ptr);
    return 0;
  }
  if (param->type != RELAIS_TYPE_NUMBER) return 1;
  if (relais_json_is_number(param->text) && param->text.len <= MAX_TEXT) return 1;
  ga4_note(encoder, RELAIS_WARNING, event,
           "VALUE_OUT_OF_BOUNDS: %.*s left out: its number is longer than 100 characters",
           shown(param->key), param->key.ptr);
  return 0;
}

void ga4_scalar_write(const ga4_encoder *encoder, relais_json *json, const relais_event *event,
                      const relais_param *param, size_t characters) {
  if (param->type == RELAIS_TYPE_NUMBER) {
    relais_json_number(json, (relais_number){param->number.value, param->text});
  } else {
    relais_json_string(json, ga4_cut(encoder, event, param->key, param->text, characters));
  }
}

/* Room for one more parameter of that name, and its key. */
static int begin(param_writer *writer, relais_str name) {
  if (writer->count == MAX_PARAMS) {
    ga4_note(writer->encoder, RELAIS_WARNING, writer->event,
             "EXCEEDED_MAX_ENTITIES: parameter %.*s left out: GA4 takes 25 parameters an event",
             shown(name), name.ptr);
    return 0;
  }
  writer->count++;
  relais_json_key(writer->json, name);
  return 1;
}

static void put_text(param_writer *writer, relais_str name, relais_str value, size_t characters) {
  if (ga4_blank(value) || !begin(writer, name)) return;
  relais_json_string(writer->json,
                     ga4_cut(writer->encoder, writer->event, name, value, characters));
}

static void put_number(param_writer *writer, relais_str name, relais_number number) {
  if (!number.text.ptr) return;
  relais_param param = {.key = name, .type = RELAIS_TYPE_NUMBER, .number = number,
                        .text = number.text};
  if (!ga4_scalar(writer->encoder, writer->event, &param) || !begin(writer, name)) return;
  relais_json_number(writer->json, number);
}

/* A positive whole number, as GA4 wants it for a session. */
static int is_session_id(relais_str text) {
  int positive = 0;
  if (ga4_blank(text) || text.len > 19) return 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return 0;
    if (text.ptr[i] != '0') positive = 1;
  }
  return positive;
}

static void put_session(param_writer *writer) {
  const relais_event *event = writer->event;
  if (is_session_id(event->session_id)) {
    put_text(writer, RELAIS_STR("session_id"), event->session_id, MAX_TEXT);
  } else if (!ga4_blank(event->session_id)) {
    ga4_note(writer->encoder, RELAIS_WARNING, event,
             "VALUE_INVALID: session_id left out: it is not a positive whole number");
  }
  if (event->engagement_time_msec.text.ptr && event->engagement_time_msec.value > 0) {
    put_number(writer, RELAIS_STR("engagement_time_msec"), event->engagement_time_msec);
  } else if (begin(writer, RELAIS_STR("engagement_time_msec"))) {
    relais_json_int(writer->json, 1); /* without it the event would not show in Realtime */
  }
}

static int is_currency(relais_str text) {
  char code[3];
  return currency_is_iso(text, code) && memcmp(text.ptr, code, sizeof code) == 0;
}

/* Value and currency go together; a currency alone is for the items' prices. */
static void put_money(param_writer *writer) {
  const relais_event *event = writer->event;
  relais_str name = ga4_event_name(event);
  int has_value = event->value.text.ptr != NULL, has_currency = is_currency(event->currency);
  int is_virtual =
      ga4_is(name, "spend_virtual_currency") || ga4_is(name, "earn_virtual_currency");
  if (!has_currency && !ga4_blank(event->currency)) {
    ga4_note(writer->encoder, RELAIS_WARNING, event,
             "VALUE_INVALID: currency left out: it is no code of ISO 4217 in capital letters");
  }
  if (has_currency && (has_value || event->items.count)) {
    put_text(writer, RELAIS_STR("currency"), event->currency, MAX_TEXT);
  } else if (has_currency) {
    ga4_note(writer->encoder, RELAIS_INFO, event, "currency left out: there is no value");
  }
  if (has_value && (has_currency || is_virtual)) {
    put_number(writer, RELAIS_STR("value"), event->value);
  } else if (has_value) {
    ga4_note(writer->encoder, RELAIS_WARNING, event,
             "VALUE_REQUIRED: value left out: GA4 takes it only with a currency");
  }
  put_text(writer, RELAIS_STR("transaction_id"), event->transaction_id, MAX_TEXT);
  put_text(writer, RELAIS_STR("coupon"), event->coupon, MAX_TEXT);
  put_number(writer, RELAIS_STR("tax"), event->tax);
  put_number(writer, RELAIS_STR("shipping"), event->shipping);
}

static int is_device(const relais_param *param) {
  return param->type == RELAIS_TYPE_JSON && ga4_is(param->key, "device") &&
         ga4_has_prefix(param->text, "{");
}

relais_str ga4_device(const relais_event *event) {
  for (uint32_t i = event->params.count; i > 0; i--) {
    const relais_param *param = RELAIS_AT(event->params, relais_param, i - 1);
    if (is_device(param)) return param->text;
  }
  return (relais_str){NULL, 0};
}

static int is_own(relais_str name) {
  for (const char *const *own = own_params; *own; own++) {
    if (ga4_is(name, *own)) return 1;
  }
  return 0;
}

static int is_repeated(relais_list params, uint32_t index) {
  const relais_param *param = RELAIS_AT(params, relais_param, index);
  for (uint32_t i = index + 1; i < params.count; i++) {
    if (ga4_equal(RELAIS_AT(params, relais_param, i)->key, param->key)) return 1;
  }
  return 0;
}

static ga4_problem problem_of(const param_writer *writer, uint32_t index) {
  const relais_param *param = RELAIS_AT(writer->event->params, relais_param, index);
  if (is_own(param->key)) {
    return (ga4_problem){"NAME_DUPLICATED", "it is the name of a field of the event"};
  }
  if (is_repeated(writer->event->params, index)) {
    return (ga4_problem){"NAME_DUPLICATED", "a later one has the same name"};
  }
  switch (ga4_param_name_check(param->key)) {
    case GA4_NAME_FINE:
      return (ga4_problem){NULL, NULL};
    case GA4_NAME_RESERVED:
      return (ga4_problem){"NAME_RESERVED", "Google keeps the name for itself"};
    default:
      return (ga4_problem){"NAME_INVALID",
                           "a name is a letter, then letters, digits and _, 40 in all"};
  }
}

static void put_custom(param_writer *writer) {
  relais_list params = writer->event->params;
  for (uint32_t i = 0; i < params.count; i++) {
    const relais_param *param = RELAIS_AT(params, relais_param, i);
    if (ga4_is(param->key, "debug_mode") || is_device(param)) continue;
    ga4_problem problem = problem_of(writer, i);
    if (problem.code) {
      ga4_note(writer->encoder, RELAIS_WARNING, writer->event,
               "%s: parameter %.*s left out: %s", problem.code, shown(param->key), param->key.ptr,
               problem.why);
      continue;
    }
    if (!ga4_scalar(writer->encoder, writer->event, param) || !begin(writer, param->key)) continue;
    ga4_scalar_write(writer->encoder, writer->json, writer->event, param, MAX_TEXT);
  }
}

static int is_true(relais_str value) { return ga4_is(value, "true") || ga4_is(value, "1"); }

static int is_debug(const relais_event *event) {
  return event->flags & RELAIS_EVENT_TEST || is_true(ga4_find(event->params, "debug_mode")) ||
         is_true(ga4_find(event->ga4, "_dbg"));
}

static void put_params(param_writer *writer) {
  const relais_event *event = writer->event;
  ga4_required_check(writer->encoder, event);
  put_session(writer);
  put_text(writer, RELAIS_STR("event_id"), event->event_id, MAX_TEXT);
  put_text(writer, RELAIS_STR("page_location"), event->page_location, MAX_PAGE_LOCATION);
  put_text(writer, RELAIS_STR("page_title"), event->page_title, MAX_PAGE_TITLE);
  put_text(writer, RELAIS_STR("page_referrer"), event->page_referrer, MAX_PAGE_REFERRER);
  put_text(writer, RELAIS_STR("language"), event->language, MAX_TEXT);
  put_money(writer);
  if (ga4_items_sendable(writer->encoder, event) && begin(writer, RELAIS_STR("items"))) {
    ga4_items_write(writer->encoder, writer->json, event);
  }
  if (is_debug(event) && begin(writer, RELAIS_STR("debug_mode"))) relais_json_int(writer->json, 1);
  put_custom(writer);
  /* Last, so that they never cost the sender one of its own parameters. */
  if (writer->count < MAX_PARAMS) {
    put_number(writer, RELAIS_STR("session_number"), event->session_number);
  }
  if (writer->count < MAX_PARAMS) {
    put_text(writer, RELAIS_STR("screen_resolution"), event->screen_resolution, MAX_TEXT);
  }
}

/* Microseconds: when the event happened, no later than now; 0 when nobody knows. */
static int64_t time_of(const ga4_encoder *encoder, const relais_event *event) {
  int64_t now = encoder->call->now_ms * 1000;
  int64_t time = event->timestamp_micros > 0 ? event->timestamp_micros : event->received_micros;
  if (time <= now) return time > 0 ? time : 0;
  if (time - now > 60 * (int64_t)1000000) {
    ga4_note(encoder, RELAIS_WARNING, event, "VALUE_OUT_OF_BOUNDS: its time lies in the future: sent as of now");
  }
  return now;
}

void ga4_measurement_event(const ga4_encoder *encoder, relais_json *json,
                           const relais_event *event) {
  param_writer writer = {.encoder = encoder, .json = json, .event = event};
  int64_t time = time_of(encoder, event);
  relais_json_begin_object(json);
  relais_json_put_string(json, RELAIS_STR("name"), ga4_event_name(event));
  if (time) relais_json_put_int(json, RELAIS_STR("timestamp_micros"), time);
  relais_json_key(json, RELAIS_STR("params"));
  relais_json_begin_object(json);
  put_params(&writer);
  relais_json_end_object(json);
  relais_json_end_object(json);
}
