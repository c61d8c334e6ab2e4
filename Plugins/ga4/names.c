/* Names by the Measurement Protocol reference: their alphabet and length, and what Google keeps for
 * itself (developers.google.com/analytics/devguides/collection/protocol/ga4/reference).
 * SPDX-License-Identifier: Apache-2.0 */
#include "ga4.h"

enum { MAX_NAME = 40, MAX_PROPERTY_NAME = 24 };

static const char *const reserved_events[] = {
    "ad_activeview", "ad_click", "ad_exposure", "ad_query", "ad_reward", "adunit_exposure",
    "app_clear_data", "app_exception", "app_install", "app_remove", "app_store_refund",
    "app_store_subscription_cancel", "app_store_subscription_convert",
    "app_store_subscription_renew", "app_update", "app_upgrade", "dynamic_link_app_open",
    "dynamic_link_app_update", "dynamic_link_first_open", "error", "firebase_campaign",
    "firebase_in_app_message_action", "firebase_in_app_message_dismiss",
    "firebase_in_app_message_impression", "first_open", "first_visit", "notification_dismiss",
    "notification_foreground", "notification_open", "notification_receive", "notification_send",
    "os_update", "session_start", "user_engagement",
    /* of app streams only: refused for a web stream */
    "ad_impression", "in_app_purchase", "screen_view", NULL};

static const char *const reserved_params[] = {"firebase_conversion", NULL};

static const char *const reserved_properties[] = {
    "first_open_time", "first_visit_time", "last_deep_link_referrer", "user_id",
    "first_open_after_install", NULL};

/* "gtag." must be the first: user properties may begin with it as far as the reference goes. */
static const char *const reserved_prefixes[] = {"gtag.", "_", "firebase_", "ga_", "google_", NULL};

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static int is_well_formed(relais_str name, size_t longest) {
  if (ga4_blank(name) || name.len > longest || !is_letter(name.ptr[0])) return 0;
  for (size_t i = 1; i < name.len; i++) {
    char c = name.ptr[i];
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_') return 0;
  }
  return 1;
}

static int is_listed(relais_str name, const char *const *list) {
  for (; *list; list++) {
    if (ga4_is(name, *list)) return 1;
  }
  return 0;
}

static int has_listed_prefix(relais_str name, const char *const *list) {
  for (; *list; list++) {
    if (ga4_has_prefix(name, *list)) return 1;
  }
  return 0;
}

static int check(relais_str name, size_t longest, const char *const *names,
                 const char *const *prefixes) {
  if (is_listed(name, names) || has_listed_prefix(name, prefixes)) return GA4_NAME_RESERVED;
  return is_well_formed(name, longest) ? GA4_NAME_FINE : GA4_NAME_INVALID;
}

int ga4_event_name_check(relais_str name) {
  return check(name, MAX_NAME, reserved_events, reserved_prefixes);
}

int ga4_param_name_check(relais_str name) {
  return check(name, MAX_NAME, reserved_params, reserved_prefixes);
}

int ga4_property_name_check(relais_str name) {
  return check(name, MAX_PROPERTY_NAME, reserved_properties, reserved_prefixes + 1);
}
