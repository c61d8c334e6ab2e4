/* `custom_data`: money, contents and the rest. Page "Custom data parameters".
 * SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

static const meta_refusal fine = {0, {NULL, 0}, {NULL, 0}};

#define REFUSE(reason, detail) \
  ((meta_refusal){RELAIS_REJECT, RELAIS_STR(reason), RELAIS_STR(detail)})

/* A Purchase needs a value and a currency, and neither is ever guessed: a wrong amount is worse
 * than none. */
meta_refusal meta_check_money(const relais_event *event, relais_str name) {
  char code[3];
  if (!meta_is(name, "Purchase")) return fine;
  if (meta_is(event->event_name, "refund"))
    return REFUSE("refund_as_purchase",
                  "a refund is no purchase, and Meta has no event for it; give it a name of its "
                  "own in `as`");
  if (!event->value.text.ptr) return REFUSE("missing_value", "a Purchase needs value");
  if (!meta_usable_number(event->value))
    return REFUSE("invalid_value", "value is too large to be a number");
  if (event->value.value < 0)
    return REFUSE("negative_value", "a Purchase cannot have a negative value");
  if (meta_blank(event->currency)) return REFUSE("missing_currency", "a Purchase needs currency");
  if (!meta_currency(event->currency, code))
    return REFUSE("unknown_currency", "currency is not an ISO 4217 code such as EUR");
  return fine;
}

static void write_money(meta_encoder *encoder, const relais_event *event) {
  relais_json *json = &encoder->json;
  char code[3];
  int known = meta_currency(event->currency, code);
  if (!known && !meta_blank(event->currency)) {
    meta_omit(encoder, event, META_OMITTED_CURRENCY);
    return;
  }
  if (event->value.text.ptr) {
    if (known && meta_usable_number(event->value)) {
      relais_json_put_number(json, RELAIS_STR("value"), event->value);
    } else {
      meta_omit(encoder, event, META_OMITTED_VALUE);
    }
  }
  if (known) relais_json_put_string(json, RELAIS_STR("currency"), (relais_str){code, 3});
}

static relais_str content_id(const relais_instance *instance, const relais_item *item) {
  if (meta_c_str(instance->content_id).len == sizeof "item_variant" - 1) return item->item_variant;
  if (meta_is(meta_c_str(instance->content_id), "item_name")) return item->item_name;
  return item->item_id;
}

static int is_delivery_category(relais_str text) {
  return meta_is(text, "in_store") || meta_is(text, "curbside") || meta_is(text, "home_delivery");
}

static void write_item(relais_json *json, const relais_item *item, relais_str id) {
  relais_str delivery = meta_find_text(item->params, "delivery_category");
  relais_json_begin_object(json);
  meta_put(json, "id", id);
  relais_json_key(json, RELAIS_STR("quantity"));
  if (meta_usable_number(item->quantity)) {
    relais_json_number(json, item->quantity);
  } else {
    relais_json_int(json, 1); /* GA4's reference, items[].quantity: 1 when not set */
  }
  if (meta_usable_number(item->price))
    relais_json_put_number(json, RELAIS_STR("item_price"), item->price);
  meta_put(json, "title", item->item_name);
  meta_put(json, "brand", item->item_brand);
  meta_put(json, "category", item->item_category);
  if (is_delivery_category(delivery)) meta_put(json, "delivery_category", delivery);
  relais_json_end_object(json);
}

/* Writes `contents` of the items that have the id the catalogue knows; how many these are. */
static uint32_t write_items(meta_encoder *encoder, const relais_event *event) {
  relais_json *json = &encoder->json;
  uint32_t written = 0;
  for (uint32_t i = 0; i < event->items.count; i++) {
    const relais_item *item = RELAIS_AT(event->items, relais_item, i);
    relais_str id = content_id(encoder->instance, item);
    if (meta_blank(id)) {
      meta_omit(encoder, event, META_OMITTED_ITEM);
      continue;
    }
    if (!written++) {
      relais_json_key(json, RELAIS_STR("contents"));
      relais_json_begin_array(json);
    }
    write_item(json, item, id);
  }
  if (written) relais_json_end_array(json);
  return written;
}

/* The catalogue ids that the sender gave itself, when there are no items to take them from. */
static int write_content_ids(relais_json *json, const relais_event *event) {
  const relais_param *ids = meta_find(event->params, "content_ids");
  if (!ids) return 0;
  if (ids->type == RELAIS_TYPE_JSON && ids->text.len > 2 && ids->text.ptr[0] == '[') {
    relais_json_key(json, RELAIS_STR("content_ids"));
    relais_json_raw(json, ids->text);
    return 1;
  }
  relais_str id = meta_find_text(event->params, "content_ids");
  if (meta_blank(id)) return 0;
  relais_json_key(json, RELAIS_STR("content_ids"));
  relais_json_begin_array(json);
  relais_json_string(json, id);
  relais_json_end_array(json);
  return 1;
}

static int is_count(double number) {
  return number >= 0 && number <= 1e9 && number == (double)(int64_t)number;
}

/* How many pieces: what the sender says, or the sum of the quantities; documented for these two
 * events. */
static void write_num_items(relais_json *json, const relais_event *event, relais_str name) {
  const relais_param *given = meta_find(event->params, "num_items");
  double sum = 0;
  if (given && given->type == RELAIS_TYPE_NUMBER && is_count(given->number.value)) {
    relais_json_put_int(json, RELAIS_STR("num_items"), (int64_t)given->number.value);
    return;
  }
  if (!meta_is(name, "Purchase") && !meta_is(name, "InitiateCheckout")) return;
  if (!event->items.count) return;
  for (uint32_t i = 0; i < event->items.count; i++) {
    const relais_item *item = RELAIS_AT(event->items, relais_item, i);
    sum += meta_usable_number(item->quantity) ? item->quantity.value : 1;
  }
  if (is_count(sum))
    relais_json_put_int(json, RELAIS_STR("num_items"), (int64_t)sum);
}

static void write_contents(meta_encoder *encoder, const relais_event *event, relais_str name) {
  relais_json *json = &encoder->json;
  relais_str type = meta_find_text(event->params, "content_type");
  uint32_t written = write_items(encoder, event);
  int any = written > 0 || write_content_ids(json, event);
  if (!meta_is(type, "product_group")) type = RELAIS_STR("product");
  if (any) meta_put(json, "content_type", type);
  write_num_items(json, event, name);

  relais_str title = meta_find_text(event->params, "content_name");
  relais_str category = meta_find_text(event->params, "content_category");
  if (event->items.count == 1) {
    const relais_item *item = RELAIS_AT(event->items, relais_item, 0);
    if (meta_blank(title)) title = item->item_name;
    if (meta_blank(category)) category = item->item_category;
  }
  meta_put(json, "content_name", title);
  meta_put(json, "content_category", category);
}

/* Keys of Meta's own, which no custom property may repeat. */
static int is_standard(relais_str key) {
  static const char *const keys[] = {
      "value", "currency", "contents", "content_ids", "content_type", "content_name",
      "content_category",
      "num_items", "order_id", "search_string", "status", "predicted_ltv", "delivery_category",
      "item_number", "net_revenue"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (meta_is(key, keys[i])) return 1;
  return 0;
}

static void write_custom(meta_encoder *encoder, const relais_event *event) {
  const relais_instance *instance = encoder->instance;
  for (size_t i = 0; i < instance->custom_parameter_count; i++) {
    const relais_param *param = meta_find(event->params, instance->custom_parameters[i]);
    if (!param || is_standard(param->key)) continue;
    if (param->type == RELAIS_TYPE_NUMBER && !meta_usable_number(param->number)) continue;
    if (param->type == RELAIS_TYPE_JSON && meta_is(param->text, "null")) continue;
    relais_json_put_param(&encoder->json, param);
  }
}

void meta_write_custom_data(meta_encoder *encoder, const relais_event *event, relais_str name) {
  relais_json *json = &encoder->json;
  relais_json_mark before = json->at;
  relais_json_key(json, RELAIS_STR("custom_data"));
  relais_json_begin_object(json);
  size_t empty = json->at.length;

  const relais_param *lifetime_value = meta_find(event->params, "predicted_ltv");
  relais_str search = meta_find_text(event->params, "search_term");
  relais_str delivery = meta_find_text(event->params, "delivery_category");
  write_money(encoder, event);
  write_contents(encoder, event, name);
  meta_put(json, "order_id", event->transaction_id);
  meta_put(json, "search_string",
           meta_blank(search) ? meta_find_text(event->params, "search_string") : search);
  meta_put(json, "status", meta_find_text(event->params, "status"));
  if (is_delivery_category(delivery)) meta_put(json, "delivery_category", delivery);
  if (lifetime_value && lifetime_value->type == RELAIS_TYPE_NUMBER &&
      meta_usable_number(lifetime_value->number))
    relais_json_put_number(json, RELAIS_STR("predicted_ltv"), lifetime_value->number);
  write_custom(encoder, event);

  if (json->at.length == empty) {
    relais_json_rewind(json, before);
  } else {
    relais_json_end_object(json);
  }
}
