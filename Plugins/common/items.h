/* Items of an order for an advertising vendor's catalogue, and parameters that the configuration
 * lets through. SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_ITEMS_H
#define RELAIS_COMMON_ITEMS_H

#include "batch.h"
#include "config.h"

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

/* Writes `num_items`: what the sender says, or, when `is_order`, the sum of the quantities. */
static inline void put_num_items(relais_json *json, const relais_event *event, int is_order) {
  const relais_param *given = params_find(event->params, "num_items");
  double sum = 0;
  if (given && given->type == RELAIS_TYPE_NUMBER && number_is_count(given->number.value)) {
    relais_json_put_int(json, RELAIS_STR("num_items"), (int64_t)given->number.value);
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

/* Writes a parameter that is a number, under its own name. */
static inline void put_number_param(relais_json *json, const relais_event *event,
                                    const char *key) {
  const relais_param *param = params_find(event->params, key);
  if (param && param->type == RELAIS_TYPE_NUMBER && number_usable(param->number))
    relais_json_put_number(json, param->key, param->number);
}

/* Writes the parameters that the configuration lists, but for the vendor's own keys. */
static inline void put_custom_params(relais_json *json, const relais_event *event,
                                     const config_names *custom, int (*is_own)(relais_str)) {
  for (size_t i = 0; i < custom->count; i++) {
    const relais_param *param = params_find(event->params, custom->names[i]);
    if (!param || is_own(param->key)) continue;
    if (param->type == RELAIS_TYPE_NUMBER && !number_usable(param->number)) continue;
    if (param->type == RELAIS_TYPE_JSON && text_is(param->text, "null")) continue;
    relais_json_put_param(json, param);
  }
}

#endif
