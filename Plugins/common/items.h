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
  if (!is_order || !event->items.count) return;
  for (uint32_t i = 0; i < event->items.count; i++) {
    const relais_item *item = RELAIS_AT(event->items, relais_item, i);
    sum += number_usable(item->quantity) ? item->quantity.value : 1;
  }
  if (number_is_count(sum))
    relais_json_put_int(json, RELAIS_STR("num_items"), (int64_t)sum);
}

/* Writes a parameter that is a number under its own name, unless `params` has something for it. */
static inline void put_own_number(batch *b, const field_map *map, const char *object,
                                  const char *name, const relais_event *event) {
  const relais_param *param = params_find(event->params, name);
  if (param && param->type == RELAIS_TYPE_NUMBER && number_usable(param->number) &&
      !field_is_given(map, object, name, event))
    relais_json_put_number(&b->json, param->key, param->number);
}

#endif
