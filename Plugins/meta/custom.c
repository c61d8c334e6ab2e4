/* `custom_data`: money, contents and the rest. Page "Custom data parameters".
 * SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

/* A Purchase needs a value and a currency, and neither is ever guessed: a wrong amount is worse
 * than none. */
refusal meta_check_money(const relais_event *event, relais_str name) {
  char code[3];
  if (!text_is(name, "Purchase")) return not_refused;
  if (text_is(event->event_name, "refund"))
    return REFUSAL(REJECT, "refund_as_purchase",
                  "a refund is no purchase, and Meta has no event for it; give it a name of its "
                  "own in `as`");
  if (!event->value.text.ptr) return REFUSAL(REJECT, "missing_value", "a Purchase needs value");
  if (!number_usable(event->value))
    return REFUSAL(REJECT, "invalid_value", "value is too large to be a number");
  if (event->value.value < 0)
    return REFUSAL(REJECT, "negative_value", "a Purchase cannot have a negative value");
  if (text_blank(event->currency))
    return REFUSAL(REJECT, "missing_currency", "a Purchase needs currency");
  if (!currency_is_iso(event->currency, code))
    return REFUSAL(REJECT, "unknown_currency", "currency is not an ISO 4217 code such as EUR");
  return not_refused;
}

static void write_money(batch *b, const relais_event *event) {
  relais_json *json = &b->json;
  char code[3];
  int known = currency_is_iso(event->currency, code);
  if (!known && !text_blank(event->currency)) {
    batch_omit(b, event, META_OMITTED_CURRENCY);
    return;
  }
  if (event->value.text.ptr) {
    if (known && number_usable(event->value)) {
      relais_json_put_number(json, RELAIS_STR("value"), event->value);
    } else {
      batch_omit(b, event, META_OMITTED_VALUE);
    }
  }
  if (known) relais_json_put_string(json, RELAIS_STR("currency"), (relais_str){code, 3});
}

static int is_delivery_category(relais_str text) {
  return text_is(text, "in_store") || text_is(text, "curbside") || text_is(text, "home_delivery");
}

static void write_item(batch *b, const relais_event *event, const relais_item *item,
                       relais_str id) {
  relais_json *json = &b->json;
  relais_str delivery = params_text(item->params, "delivery_category");
  relais_json_begin_object(json);
  put_text(json, "id", id);
  relais_json_key(json, RELAIS_STR("quantity"));
  if (number_usable(item->quantity)) {
    relais_json_number(json, item->quantity);
  } else {
    relais_json_int(json, 1); /* GA4's reference, items[].quantity: 1 when not set */
  }
  if (number_usable(item->price))
    relais_json_put_number(json, RELAIS_STR("item_price"), item->price);
  put_text(json, "title", item->item_name);
  put_text(json, "brand", item->item_brand);
  put_text(json, "category", item->item_category);
  if (is_delivery_category(delivery)) {
    put_text(json, "delivery_category", delivery);
  } else if (!text_blank(delivery)) {
    batch_omit(b, event, META_OMITTED_DELIVERY_CATEGORY);
  }
  relais_json_end_object(json);
}

static void write_contents(batch *b, const relais_event *event, relais_str name) {
  relais_json *json = &b->json;
  const field_map *params = &b->instance->params;
  relais_str type = params_text(event->params, "content_type");
  uint32_t written =
      put_contents(b, event, b->instance->content_id, META_OMITTED_ITEM, write_item);
  int any = written > 0 || put_content_ids(b, event, META_OMITTED_CONTENT_IDS);
  if (!text_is(type, "product_group")) type = RELAIS_STR("product");
  if (any) put_text(json, "content_type", type);
  if (!field_is_given(params, "custom_data", "num_items", event))
    put_num_items(json, event, text_is(name, "Purchase") || text_is(name, "InitiateCheckout"));

  relais_str title = params_text(event->params, "content_name");
  relais_str category = params_text(event->params, "content_category");
  if (event->items.count == 1) {
    const relais_item *item = RELAIS_AT(event->items, relais_item, 0);
    if (text_blank(title)) title = item->item_name;
    if (text_blank(category)) category = item->item_category;
  }
  put_own_text(b, params, "custom_data", "content_name", event, title);
  put_own_text(b, params, "custom_data", "content_category", event, category);
}

/* What has a name of Meta's own. */
static void write_details(batch *b, const relais_event *event) {
  const field_map *params = &b->instance->params;
  relais_str search = params_text(event->params, "search_term");
  relais_str delivery = params_text(event->params, "delivery_category");
  if (text_blank(search)) search = params_text(event->params, "search_string");
  if (!id_is_placeholder(event->transaction_id))
    put_own_text(b, params, "custom_data", "order_id", event, event->transaction_id);
  put_own_text(b, params, "custom_data", "search_string", event, search);
  put_own_text(b, params, "custom_data", "status", event, params_text(event->params, "status"));
  put_own_text(b, params, "custom_data", "item_number", event,
               params_text(event->params, "item_number"));
  if (is_delivery_category(delivery)) {
    put_own_text(b, params, "custom_data", "delivery_category", event, delivery);
  } else if (!text_blank(delivery)) {
    batch_omit(b, event, META_OMITTED_DELIVERY_CATEGORY);
  }
  put_own_number(b, params, "custom_data", "predicted_ltv", event);
  put_own_number(b, params, "custom_data", "net_revenue", event);
}

void meta_write_custom_data(batch *b, const relais_event *event, relais_str name) {
  relais_json *json = &b->json;
  relais_json_mark before = json->at;
  relais_json_key(json, RELAIS_STR("custom_data"));
  relais_json_begin_object(json);
  size_t empty = json->at.length;

  write_money(b, event);
  write_contents(b, event, name);
  write_details(b, event);
  put_fields(b, &b->instance->params, "custom_data", event, META_OMITTED_FIELD);

  if (json->at.length == empty) {
    relais_json_rewind(json, before);
  } else {
    relais_json_end_object(json);
  }
}
