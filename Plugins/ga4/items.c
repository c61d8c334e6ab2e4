/* The items of an e-commerce event for the Measurement Protocol.
 * SPDX-License-Identifier: Apache-2.0 */
#include "ga4.h"

enum {
  MAX_ITEMS = 200,
  MAX_TEXT = 100,
  /* By the events reference; the page on limits says 10. */
  MAX_CUSTOM = 27
};

typedef struct item_field {
  relais_str name;
  size_t offset;
} item_field;

#define TEXT_FIELD(name) \
  { {#name, sizeof(#name) - 1}, offsetof(relais_item, name) }

static const item_field text_fields[] = {
    TEXT_FIELD(item_id),        TEXT_FIELD(item_name),      TEXT_FIELD(affiliation),
    TEXT_FIELD(coupon),         TEXT_FIELD(creative_name),  TEXT_FIELD(creative_slot),
    TEXT_FIELD(item_brand),     TEXT_FIELD(item_category),  TEXT_FIELD(item_category2),
    TEXT_FIELD(item_category3), TEXT_FIELD(item_category4), TEXT_FIELD(item_category5),
    TEXT_FIELD(item_list_id),   TEXT_FIELD(item_list_name), TEXT_FIELD(item_variant),
    TEXT_FIELD(location_id),    TEXT_FIELD(promotion_id),   TEXT_FIELD(promotion_name)};

static const item_field number_fields[] = {TEXT_FIELD(price), TEXT_FIELD(quantity),
                                      TEXT_FIELD(discount), TEXT_FIELD(index)};

static const void *at(const relais_item *item, const item_field *field) {
  return (const char *)item + field->offset;
}

static int is_named(const relais_item *item) {
  return !ga4_blank(item->item_id) || !ga4_blank(item->item_name);
}

int ga4_items_sendable(const ga4_encoder *encoder, const relais_event *event) {
  int sendable = 0;
  for (uint32_t i = 0; i < event->items.count; i++) {
    if (is_named(RELAIS_AT(event->items, relais_item, i))) {
      sendable = 1;
    } else {
      ga4_note(encoder, RELAIS_WARNING, event,
               "VALUE_REQUIRED: items[%u] left out: it has neither item_id nor item_name", i);
    }
  }
  return sendable;
}

static int is_own(relais_str name) {
  for (size_t i = 0; i < sizeof text_fields / sizeof text_fields[0]; i++) {
    if (ga4_equal(text_fields[i].name, name)) return 1;
  }
  for (size_t i = 0; i < sizeof number_fields / sizeof number_fields[0]; i++) {
    if (ga4_equal(number_fields[i].name, name)) return 1;
  }
  return 0;
}

/* An item's own field, although its name has a reserved prefix (events reference). */
static int is_documented(relais_str name) { return ga4_is(name, "google_business_vertical"); }

static int is_repeated(relais_list params, uint32_t index) {
  relais_str key = RELAIS_AT(params, relais_param, index)->key;
  for (uint32_t i = index + 1; i < params.count; i++) {
    if (ga4_equal(RELAIS_AT(params, relais_param, i)->key, key)) return 1;
  }
  return 0;
}

static ga4_problem problem_of(const relais_item *item, uint32_t index) {
  relais_str name = RELAIS_AT(item->params, relais_param, index)->key;
  if (is_own(name)) return (ga4_problem){"NAME_DUPLICATED", "it is the name of a field of an item"};
  if (is_repeated(item->params, index)) {
    return (ga4_problem){"NAME_DUPLICATED", "a later one has the same name"};
  }
  int check = is_documented(name) ? GA4_NAME_FINE : ga4_param_name_check(name);
  if (check == GA4_NAME_FINE) return (ga4_problem){NULL, NULL};
  if (check == GA4_NAME_RESERVED) {
    return (ga4_problem){"NAME_RESERVED", "Google keeps the name for itself"};
  }
  return (ga4_problem){"NAME_INVALID", "a name is a letter, then letters, digits and _, 40 in all"};
}

static void put_custom(const ga4_encoder *encoder, relais_json *json, const relais_event *event,
                       const relais_item *item) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < item->params.count; i++) {
    const relais_param *param = RELAIS_AT(item->params, relais_param, i);
    int shown = (int)ga4_prefix_of(param->key, 64).len;
    ga4_problem problem = problem_of(item, i);
    if (problem.code) {
      ga4_note(encoder, RELAIS_WARNING, event, "%s: item parameter %.*s left out: %s",
               problem.code, shown, param->key.ptr, problem.why);
      continue;
    }
    if (!ga4_scalar(encoder, event, param)) continue;
    if (count == MAX_CUSTOM) {
      ga4_note(encoder, RELAIS_WARNING, event,
               "EXCEEDED_MAX_ENTITIES: item parameter %.*s left out: GA4 takes 27 of them an item", shown, param->key.ptr);
      continue;
    }
    count++;
    relais_json_key(json, param->key);
    ga4_scalar_write(encoder, json, event, param, MAX_TEXT);
  }
}

static void put_item(const ga4_encoder *encoder, relais_json *json, const relais_event *event,
                     const relais_item *item) {
  relais_json_begin_object(json);
  for (size_t i = 0; i < sizeof text_fields / sizeof text_fields[0]; i++) {
    relais_str value = *(const relais_str *)at(item, &text_fields[i]);
    if (ga4_blank(value)) continue;
    relais_json_put_string(json, text_fields[i].name,
                           ga4_cut(encoder, event, text_fields[i].name, value, MAX_TEXT));
  }
  for (size_t i = 0; i < sizeof number_fields / sizeof number_fields[0]; i++) {
    const relais_number *number = at(item, &number_fields[i]);
    if (!number->text.ptr) continue;
    relais_param param = {.key = number_fields[i].name, .type = RELAIS_TYPE_NUMBER,
                          .number = *number, .text = number->text};
    if (ga4_scalar(encoder, event, &param)) relais_json_put_number(json, param.key, *number);
  }
  put_custom(encoder, json, event, item);
  relais_json_end_object(json);
}

void ga4_items_write(const ga4_encoder *encoder, relais_json *json, const relais_event *event) {
  uint32_t count = 0;
  relais_json_begin_array(json);
  for (uint32_t i = 0; i < event->items.count; i++) {
    const relais_item *item = RELAIS_AT(event->items, relais_item, i);
    if (!is_named(item)) continue;
    if (count == MAX_ITEMS) {
      ga4_note(encoder, RELAIS_WARNING, event, "EXCEEDED_MAX_ENTITIES: items[%u] and later left out: GA4 takes 200", i);
      break;
    }
    put_item(encoder, json, event, item);
    count++;
  }
  relais_json_end_array(json);
}
