/* Items of an order for an advertising vendor's catalogue, and parameters with a name of the
 * vendor's. SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_ITEMS_H
#define RELAIS_COMMON_ITEMS_H

#include "batch.h"
#include "fields.h"

/* Reads `content_id`, the member of an item that the catalogue knows; a copy for free(). */
static inline relais_status config_content_id(const relais_call *call, const json_t *config,
                                              char **out) {
  relais_str name = relais_jansson_string(config, "content_id", RELAIS_STR("item_id"));
  if (!text_is(name, "item_id") && !text_is(name, "item_variant") && !text_is(name, "item_name"))
    return config_refuse(call, RELAIS_STR("/content_id"),
                         RELAIS_STR("use item_id, item_variant or item_name"));
  *out = relais_jansson_copy(name);
  return *out ? RELAIS_OK : RELAIS_E_NOMEM;
}

/* A copy of a text that need not be there. */
static inline relais_status config_optional(const json_t *config, const char *key, char **out) {
  relais_str text = relais_jansson_string(config, key, (relais_str){NULL, 0});
  if (text_blank(text)) return RELAIS_OK;
  *out = relais_jansson_copy(text);
  return *out ? RELAIS_OK : RELAIS_E_NOMEM;
}

static inline relais_str item_content_id(const char *member, const relais_item *item) {
  if (text_is(text_of(member), "item_variant")) return item->item_variant;
  if (text_is(text_of(member), "item_name")) return item->item_name;
  return item->item_id;
}

typedef void (*item_writer)(batch *, const relais_event *, const relais_item *, relais_str id);

/* Writes `contents` of the items that have the id the catalogue knows; how many these are.
 * content_id: the member; omission: what is noted of an item without one. */
static inline uint32_t put_contents(batch *b, const relais_event *event, const char *content_id,
                                    uint32_t omission, item_writer write) {
  relais_json *json = &b->json;
  uint32_t written = 0;
  for (uint32_t i = 0; i < event->items.count; i++) {
    const relais_item *item = RELAIS_AT(event->items, relais_item, i);
    relais_str id = item_content_id(content_id, item);
    if (text_blank(id)) {
      batch_omit(b, event, omission);
      continue;
    }
    if (!written++) {
      relais_json_key(json, RELAIS_STR("contents"));
      relais_json_begin_array(json);
    }
    write(b, event, item, id);
  }
  if (written) relais_json_end_array(json);
  return written;
}

/* The length of the string or number at the start of the text, which is within valid JSON; 0 when
 * something else stands there. */
static inline size_t json_scalar_length_(relais_str text) {
  size_t i = 0;
  if (text.ptr[0] == '"') {
    for (i = 1; i < text.len && text.ptr[i] != '"'; i++)
      if (text.ptr[i] == '\\') i += 1;
    return i + 1 <= text.len ? i + 1 : 0;
  }
  while (i < text.len && (strchr("+-.eE", text.ptr[i]) ? text.ptr[i] != '\0'
                                                       : text.ptr[i] >= '0' && text.ptr[i] <= '9'))
    i += 1;
  return i;
}

/* Writes the elements of a JSON array of texts and numbers, all as texts: a vendor refuses a
 * request for one id that is a number. 0 when there is anything else in it. */
static inline int json_texts_(relais_json *json, relais_str array) {
  uint32_t written = 0;
  size_t i = 1;
  while (i + 1 < array.len) {
    relais_str rest = {array.ptr + i, array.len - 1 - i};
    if (strchr(" \t\r\n,", rest.ptr[0])) {
      i += 1;
      continue;
    }
    size_t length = json_scalar_length_(rest);
    if (!length) return 0;
    if (rest.ptr[0] == '"') {
      relais_json_raw(json, (relais_str){rest.ptr, length});
    } else {
      relais_json_string(json, (relais_str){rest.ptr, length});
    }
    written += 1;
    i += length;
  }
  return written > 0;
}

/* Writes `content_ids`, the catalogue ids that the sender gave itself, when there are no items to take
 * them from; 0 when there are none. omission: what is noted of a parameter that is no list of texts. */
static inline int put_content_ids(batch *b, const relais_event *event, uint32_t omission) {
  relais_json *json = &b->json;
  const relais_param *ids = params_find(event->params, "content_ids");
  relais_str id = params_text(event->params, "content_ids");
  relais_json_mark before = json->at;
  int written = 0;
  if (!ids) return 0;
  relais_json_key(json, RELAIS_STR("content_ids"));
  relais_json_begin_array(json);
  if (ids->type == RELAIS_TYPE_JSON && ids->text.len > 2 && ids->text.ptr[0] == '[') {
    written = json_texts_(json, ids->text);
  } else if (!text_blank(id)) {
    relais_json_string(json, id);
    written = 1;
  }
  if (written) {
    relais_json_end_array(json);
  } else {
    relais_json_rewind(json, before);
    batch_omit(b, event, omission);
  }
  return written;
}

/* Writes a text of the event under a name of the vendor's, unless `params` has something for it. */
static inline void put_own_text(batch *b, const field_map *map, const char *object,
                                const char *name, const relais_event *event, relais_str text) {
  if (!field_is_given(map, object, name, event)) put_text(&b->json, name, text);
}

/* Writes `num_items`: what the sender says, or, when `is_order`, the sum of the quantities. */
static inline void put_num_items(relais_json *json, const relais_event *event, int is_order) {
  const relais_param *given = params_find(event->params, "num_items");
  double sum = 0;
  if (given && given->type == RELAIS_TYPE_NUMBER && number_is_count(given->number.value)) {
    relais_json_put_int(json, RELAIS_STR("num_items"), (int64_t)given->number.value);
    return;
  }
  if (given && given->type == RELAIS_TYPE_STRING && text_digits(given->text, 9) &&
      relais_json_is_number(given->text)) {
    relais_json_put_number(json, RELAIS_STR("num_items"), (relais_number){.text = given->text});
    return;
  }
  if (!is_order || !event->items.count) return;
  for (uint32_t i = 0; i < event->items.count; i++) {
    const relais_item *item = RELAIS_AT(event->items, relais_item, i);
    sum += number_usable(item->quantity) ? item->quantity.value : 1;
  }
  if (number_is_count(sum))
    relais_json_put_int(json, RELAIS_STR("num_items"), (int64_t)sum);
}

/* Writes a parameter that is a number, or a decimal in a text, as gtag.js sends those of the dataLayer, under
 * its own name, unless `params` has something for it. */
static inline void put_own_number(batch *b, const field_map *map, const char *object,
                                  const char *name, const relais_event *event) {
  static const vendor_field number = {.type = FIELD_NUMBER};
  const relais_param *param = params_find(event->params, name);
  if (!param || field_is_given(map, object, name, event)) return;
  relais_param value = *param;
  if (field_fit_(&number, &value)) relais_json_put_number(&b->json, value.key, value.number);
}

#endif
