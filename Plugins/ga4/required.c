/* What Google requires of its own events ("Events", Measurement Protocol reference; there `currency`
 * is required once `value` is set, which params.c sees to). Nothing is refused for it: GA4 takes such
 * events too, and the reports lack what is missing. SPDX-License-Identifier: Apache-2.0 */
#include "ga4.h"

enum { VALUE = 1, ITEMS = 2, TRANSACTION = 4 };

typedef struct rule {
  const char *event;
  int fields;
  const char *param; /* a parameter that is no field of the event, or NULL */
} rule;

static const rule rules[] = {
    {"add_payment_info", VALUE | ITEMS, NULL},
    {"add_shipping_info", VALUE | ITEMS, NULL},
    {"add_to_cart", VALUE | ITEMS, NULL},
    {"add_to_wishlist", VALUE | ITEMS, NULL},
    {"begin_checkout", VALUE | ITEMS, NULL},
    {"close_convert_lead", VALUE, NULL},
    {"close_unconvert_lead", VALUE, NULL},
    {"disqualify_lead", VALUE, NULL},
    {"generate_lead", VALUE, NULL},
    {"post_score", 0, "score"},
    {"purchase", VALUE | ITEMS | TRANSACTION, NULL},
    {"qualify_lead", VALUE, NULL},
    {"refund", VALUE | TRANSACTION, NULL},
    {"remove_from_cart", VALUE | ITEMS, NULL},
    {"search", 0, "search_term"},
    {"select_item", ITEMS, NULL},
    {"spend_virtual_currency", VALUE, "virtual_currency_name"},
    {"unlock_achievement", 0, "achievement_id"},
    {"view_cart", VALUE | ITEMS, NULL},
    {"view_item", VALUE | ITEMS, NULL},
    {"view_item_list", ITEMS, NULL},
    {"view_promotion", ITEMS, NULL},
    {"working_lead", VALUE, NULL},
};

void ga4_required_check(const ga4_encoder *encoder, const relais_event *event) {
  relais_str name = ga4_event_name(event);
  const rule *rule = rules, *end = rules + sizeof rules / sizeof rules[0];
  while (rule < end && !ga4_is(name, rule->event)) rule++;
  if (rule == end) return;
  if (rule->fields & VALUE && !event->value.text.ptr) {
    ga4_note(encoder, RELAIS_INFO, event, "VALUE_REQUIRED: %s without value", rule->event);
  }
  if (rule->fields & ITEMS && event->items.count == 0) {
    ga4_note(encoder, RELAIS_INFO, event, "VALUE_REQUIRED: %s without items", rule->event);
  }
  if (rule->fields & TRANSACTION && ga4_blank(event->transaction_id)) {
    ga4_note(encoder, RELAIS_WARNING, event,
             "VALUE_REQUIRED: %s without transaction_id: GA4 cannot tell a repetition from another",
             rule->event);
  }
  if (rule->param && ga4_blank(ga4_find(event->params, rule->param))) {
    ga4_note(encoder, RELAIS_INFO, event, "VALUE_REQUIRED: %s without %s", rule->event,
             rule->param);
  }
}
