/* Meta's names for events, places and currencies. SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

/* Canonical names and Meta's standard events ("Meta Pixel reference", standard events). The same as
 * the manifest's `events`. `view_search_results` is left out on purpose: GA4 sends it by itself
 * beside `search`, so a search would count twice. */
static const struct {
  const char *canonical, *standard;
} names[] = {
    {"page_view", "PageView"},
    {"view_item", "ViewContent"},
    {"add_to_cart", "AddToCart"},
    {"add_to_wishlist", "AddToWishlist"},
    {"begin_checkout", "InitiateCheckout"},
    {"add_payment_info", "AddPaymentInfo"},
    {"purchase", "Purchase"},
    {"search", "Search"},
    {"generate_lead", "Lead"},
    {"sign_up", "CompleteRegistration"},
    {"contact", "Contact"},
    {"customize_product", "CustomizeProduct"},
    {"donate", "Donate"},
    {"find_location", "FindLocation"},
    {"schedule", "Schedule"},
    {"start_trial", "StartTrial"},
    {"submit_application", "SubmitApplication"},
    {"subscribe", "Subscribe"},
};

relais_str meta_event_name(const relais_event *event) {
  if (!text_blank(event->send_as)) return event->send_as;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (text_is(event->event_name, names[i].canonical)) return text_of(names[i].standard);
  return (relais_str){NULL, 0};
}

/* "Server event parameters", action_source; without `app`, which needs fields of its own. */
int meta_is_action_source(relais_str text) {
  static const char *const sources[] = {"website",          "email",
                                        "phone_call",       "chat",
                                        "physical_store",   "system_generated",
                                        "business_messaging", "other"};
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
    if (text_is(text, sources[i])) return 1;
  return 0;
}
