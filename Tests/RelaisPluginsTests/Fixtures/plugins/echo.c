/* Writes every field of every event, one "name=value" a line, as the body of a request. */
#define ID "echo"
#ifdef WITH_JSON
#define EXTRA "\"event_view\":\"json\","
#endif
#include "support.h"

RELAIS_MANIFEST(MANIFEST);

typedef struct text {
  const relais_call *call;
  char *bytes;
  size_t length, capacity;
} text;

static void put(text *out, const char *bytes, size_t length) {
  if (out->length + length > out->capacity) {
    size_t capacity = (out->length + length) * 2 + 4096;
    char *grown = out->call->alloc(out->call->ctx, capacity, 1);
    if (!grown) return;
    if (out->length) memcpy(grown, out->bytes, out->length);
    out->bytes = grown;
    out->capacity = capacity;
  }
  if (length) memcpy(out->bytes + out->length, bytes, length);
  out->length += length;
}

static void line(text *out, const char *name, relais_str value) {
  if (!value.ptr) return;
  put(out, name, strlen(name));
  put(out, "=", 1);
  put(out, value.ptr, value.len);
  put(out, "\n", 1);
}

static void decimal(text *out, const char *name, double value) {
  char digits[40];
  int length = snprintf(digits, sizeof digits, "%.6f", value);
  line(out, name, (relais_str){digits, (size_t)length});
}

static void number(text *out, const char *name, relais_number value) {
  if (!value.text.ptr) return;
  line(out, name, value.text);
  decimal(out, name, value.value);
}

static void integer(text *out, const char *name, long long value) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%lld", value);
  line(out, name, (relais_str){digits, (size_t)length});
}

static void params(text *out, const char *name, relais_list list) {
  static const char *const types[] = {"?", "string", "number", "bool", "json"};
  for (uint32_t i = 0; i < list.count; i++) {
    const relais_param *param = RELAIS_AT(list, relais_param, i);
    put(out, name, strlen(name));
    put(out, ".", 1);
    put(out, param->key.ptr, param->key.len);
    line(out, "", param->text);
    line(out, types[param->type], param->number.text);
    if (param->type == RELAIS_TYPE_NUMBER || param->type == RELAIS_TYPE_BOOL) {
      decimal(out, types[param->type], param->number.value);
    }
  }
}

#define TEXT(field) line(out, #field, e->field)
#define NUMBER(field) number(out, #field, e->field)
#define PARAMS(field) params(out, #field, e->field)

static void put_item(text *out, const relais_item *e) {
  put(out, "item\n", 5);
  TEXT(item_id), TEXT(item_name), TEXT(affiliation), TEXT(coupon), TEXT(creative_name), TEXT(creative_slot);
  TEXT(item_brand), TEXT(item_category), TEXT(item_category2), TEXT(item_category3), TEXT(item_category4);
  TEXT(item_category5), TEXT(item_list_id), TEXT(item_list_name), TEXT(item_variant), TEXT(location_id);
  TEXT(promotion_id), TEXT(promotion_name);
  NUMBER(price), NUMBER(quantity), NUMBER(discount), NUMBER(index);
  PARAMS(params);
}

static void put_user_data(text *out, relais_list list) {
  for (uint32_t i = 0; i < list.count; i++) {
    const relais_identifier *identifier = RELAIS_AT(list, relais_identifier, i);
    put(out, "user_data.", 10);
    put(out, identifier->kind.ptr, identifier->kind.len);
    put(out, ".", 1);
    put(out, identifier->recipe.ptr, identifier->recipe.len);
    line(out, "", identifier->value);
    integer(out, "group", identifier->group);
  }
}

static void put_event(text *out, const relais_event *e) {
  TEXT(event_id), TEXT(event_name), TEXT(send_as), TEXT(site), TEXT(source), TEXT(client), TEXT(client_id);
  TEXT(user_id), TEXT(session_id), TEXT(page_location), TEXT(page_referrer), TEXT(page_title), TEXT(page_hostname);
  TEXT(page_path), TEXT(language), TEXT(screen_resolution), TEXT(viewport_size), TEXT(ip_override), TEXT(user_agent);
  TEXT(geo_country), TEXT(geo_region), TEXT(geo_city), TEXT(currency), TEXT(transaction_id), TEXT(coupon);
  NUMBER(session_number), NUMBER(engagement_time_msec), NUMBER(value), NUMBER(tax), NUMBER(shipping);
  integer(out, "struct_size", RELAIS_HAS(e, relais_event, event_json));
  integer(out, "flags", e->flags);
  integer(out, "attempt", e->attempt);
  integer(out, "timestamp_micros", e->timestamp_micros);
  integer(out, "received_micros", e->received_micros);
  for (uint32_t i = 0; i < e->items.count; i++) put_item(out, RELAIS_AT(e->items, relais_item, i));
  for (uint32_t i = 0; i < e->done.count; i++) line(out, "done", *RELAIS_AT(e->done, relais_str, i));
  put_user_data(out, e->user_data);
  PARAMS(consent), PARAMS(click_ids), PARAMS(cookies), PARAMS(client_hints), PARAMS(params);
  PARAMS(user_properties), PARAMS(ga4);
  TEXT(event_json);
}

static relais_status encode(relais_instance *instance, const relais_call *call, relais_list events,
                            const relais_output *output) {
  (void)instance;
  for (uint32_t i = 0; i < events.count; i++) {
    text out = {.call = call};
    put_event(&out, RELAIS_AT(events, relais_event, i));
    relais_request request = {.struct_size = sizeof request,
                              .url = RELAIS_STR("https://vendor.example/echo"),
                              .body = {out.bytes, out.length},
                              .events = {&i, 1, sizeof i}};
    relais_status status = output->request(output->ctx, &request);
    if (status != RELAIS_OK) return status;
  }
  return RELAIS_OK;
}

RELAIS_PLUGIN(support_create, support_destroy, encode, NULL);
