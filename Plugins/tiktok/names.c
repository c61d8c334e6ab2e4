/* TikTok's names for events, places and currencies. SPDX-License-Identifier: Apache-2.0 */
#include "tiktok.h"

/* Canonical names and TikTok's standard events ("Supported events"; help page "Standard events and
 * parameters"). The new names are the manifest's `events`; where the pixel still sends the classic
 * ones, the server must too, or TikTok may not see that two copies are one event.
 * `view_search_results` is left out on purpose: GA4 sends it by itself beside `search`, so a search
 * would count twice. */
static const struct {
  const char *canonical, *standard, *classic; /* classic: NULL when it is the same */
} names[] = {
    {"page_view", "Pageview", NULL},
    {"view_item", "ViewContent", NULL},
    {"add_to_cart", "AddToCart", NULL},
    {"add_to_wishlist", "AddToWishlist", NULL},
    {"begin_checkout", "InitiateCheckout", NULL},
    {"add_payment_info", "AddPaymentInfo", NULL},
    {"purchase", "Purchase", "CompletePayment"},
    {"search", "Search", NULL},
    {"sign_up", "CompleteRegistration", NULL},
    {"generate_lead", "Lead", "SubmitForm"},
    {"click", "ClickButton", NULL},
    {"file_download", "Download", NULL},
    {"download", "Download", NULL},
    {"contact", "Contact", NULL},
    {"find_location", "FindLocation", NULL},
    {"submit_application", "SubmitApplication", NULL},
    {"application_approval", "ApplicationApproval", NULL},
    {"subscribe", "Subscribe", NULL},
    {"start_trial", "StartTrial", NULL},
    {"schedule", "Schedule", NULL},
    {"customize_product", "CustomizeProduct", NULL},
};

relais_str tiktok_event_name(const relais_instance *instance, const relais_event *event) {
  if (!text_blank(event->send_as)) return event->send_as;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!text_is(event->event_name, names[i].canonical)) continue;
    return text_of(instance->classic_names && names[i].classic ? names[i].classic
                                                                : names[i].standard);
  }
  return (relais_str){NULL, 0};
}

int tiktok_is_purchase(relais_str name) {
  return text_is(name, "Purchase") || text_is(name, "CompletePayment") ||
         text_is(name, "PlaceAnOrder");
}

static const char *const sources[TIKTOK_SOURCES] = {"web", "crm", "offline"};

tiktok_source tiktok_source_of(relais_str text) {
  for (int i = 0; i < TIKTOK_SOURCES; i++)
    if (text_is(text, sources[i])) return (tiktok_source)i;
  return TIKTOK_SOURCES;
}

const char *tiktok_source_name(tiktok_source source) { return sources[source]; }

/* "Parameters", properties.currency: what TikTok takes, in order. */
static const char currencies[] =
    "AEDARSAUDBDTBHDBIFBOBBRLCADCHFCLPCNYCOPCRCCZKDKKDZDEGPEURGBPGTQHKDHNLHUFIDRILSINRISKJPYKES"
    "KHRKRWKWDKZTMADMOPMXNMYRNGNNIONOKNZDOMRPENPHPPKRPLNPYGQARRONRUBSARSEKSGDTHBTRYTWDUAHUSDVES"
    "VNDZAR";

int tiktok_currency(relais_str text, char code[3]) {
  return currency_is_among(currencies, text, code);
}
