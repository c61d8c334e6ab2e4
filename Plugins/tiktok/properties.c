/* `properties`: money, contents and the rest. Page "Parameters", properties.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tiktok.h"

/* What would turn a return into a sale. */
refusal tiktok_check_money(const relais_event *event, relais_str name) {
  if (!tiktok_is_purchase(name)) return not_refused;
  if (text_is(event->event_name, "refund"))
    return REFUSAL(REJECT, "refund_as_purchase",
                   "a refund is no purchase, and TikTok has no event for it; give it a name of its "
                   "own in `as`");
  if (event->value.text.ptr && event->value.value < 0)
    return REFUSAL(REJECT, "negative_value", "a purchase cannot have a negative value");
  return not_refused;
}

/* Whether its money is in a currency that TikTok does not take. */
static int has_foreign_currency(const relais_event *event) {
  char code[3];
  return !text_blank(event->currency) && !tiktok_currency(event->currency, code);
}

/* A value never goes without its currency, and neither is ever guessed. */
static void write_money(batch *b, const relais_event *event, relais_str name) {
  relais_json *json = &b->json;
  char code[3];
  int known = tiktok_currency(event->currency, code);
  int has_value = event->value.text.ptr != NULL, usable = number_usable(event->value);
  if (has_foreign_currency(event)) {
    batch_omit(b, event, TIKTOK_OMITTED_CURRENCY);
    return;
  }
  if (tiktok_is_purchase(name) && !(known && usable)) {
    batch_omit(b, event, TIKTOK_OMITTED_PURCHASE_VALUE);
  } else if (has_value && !(known && usable)) {
    batch_omit(b, event, TIKTOK_OMITTED_VALUE);
  }
  if (known && usable) relais_json_put_number(json, RELAIS_STR("value"), event->value);
  if (known) relais_json_put_string(json, RELAIS_STR("currency"), (relais_str){code, 3});
}

/* `quantity` is an integer; 1 when it is not set (GA4's reference, items[].quantity). */
static void write_quantity(batch *b, const relais_event *event, const relais_item *item) {
  relais_number quantity = item->quantity;
  if (!quantity.text.ptr) {
    relais_json_put_int(&b->json, RELAIS_STR("quantity"), 1);
  } else if (number_usable(quantity) && number_is_count(quantity.value)) {
    relais_json_put_int(&b->json, RELAIS_STR("quantity"), (int64_t)quantity.value);
  } else {
    batch_omit(b, event, TIKTOK_OMITTED_QUANTITY);
  }
}

static void write_item(batch *b, const relais_event *event, const relais_item *item,
                       relais_str id) {
  relais_json *json = &b->json;
  relais_json_begin_object(json);
  put_text(json, "content_id", id);
  put_text(json, "content_name", item->item_name);
  put_text(json, "content_category", item->item_category);
  put_text(json, "brand", item->item_brand);
  if (number_usable(item->price) && !has_foreign_currency(event))
    relais_json_put_number(json, RELAIS_STR("price"), item->price);
  write_quantity(b, event, item);
  relais_json_end_object(json);
}

static void write_contents(batch *b, const relais_event *event, relais_str name) {
  relais_str type = params_text(event->params, "content_type");
  uint32_t written =
      put_contents(b, event, b->instance->content_id, TIKTOK_OMITTED_ITEM, write_item);
  int any = written > 0 || put_content_ids(b, event, TIKTOK_OMITTED_CONTENT_IDS);
  if (!text_is(type, "product_group")) type = RELAIS_STR("product");
  if (any) put_text(&b->json, "content_type", type);
  if (!field_is_given(&b->instance->params, "properties", "num_items", event))
    put_num_items(&b->json, event, tiktok_is_purchase(name) || text_is(name, "InitiateCheckout"));
}

/* Parameters that are sent under their own name. */
static const char *const same[] = {"search_string", "description", "status", "shop_id",
                                   "delivery_category"};

/* The first of these that says something. */
static relais_str either(relais_str first, relais_str second) {
  return text_blank(first) ? second : first;
}

/* What has a name of TikTok's own. */
static void write_details(batch *b, const relais_event *event) {
  const field_map *map = &b->instance->params;
  relais_list params = event->params;
  relais_str order = event->transaction_id;
  if (id_is_placeholder(order)) order = params_text(params, "order_id");
  put_own_text(b, map, "properties", "order_id", event, order);
  put_own_text(b, map, "properties", "query", event,
               either(params_text(params, "search_term"), params_text(params, "query")));
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    put_own_text(b, map, "properties", same[i], event, params_text(params, same[i]));
  put_own_number(b, map, "properties", "predicted_ltv", event);
}

void tiktok_write_properties(batch *b, const relais_event *event, relais_str name) {
  relais_json *json = &b->json;
  relais_json_mark before = json->at;
  relais_json_key(json, RELAIS_STR("properties"));
  relais_json_begin_object(json);
  size_t empty = json->at.length;

  write_money(b, event, name);
  write_contents(b, event, name);
  write_details(b, event);
  put_fields(b, &b->instance->params, "properties", event, TIKTOK_OMITTED_FIELD);

  if (json->at.length == empty) {
    relais_json_rewind(json, before);
  } else {
    relais_json_end_object(json);
  }
}
