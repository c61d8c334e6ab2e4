/* `user`: hashed identifiers, the place in clear, TikTok's click id and cookie, the browser's
 * address and agent. Page "Parameters", user. SPDX-License-Identifier: Apache-2.0 */
#include "tiktok.h"

/* Of several addresses one is sent, whole: the first. */
static const char *const address_kinds[] = {"first_name",  "last_name", "city",
                                            "postal_code", "region",    "country"};

static int address_group(relais_list user_data, uint32_t *group) {
  for (uint32_t i = 0; i < user_data.count; i++) {
    const relais_identifier *one = RELAIS_AT(user_data, relais_identifier, i);
    for (size_t k = 0; k < sizeof address_kinds / sizeof *address_kinds; k++) {
      if (!identifier_is(one, address_kinds[k], "tiktok")) continue;
      *group = one->group;
      return 1;
    }
  }
  return 0;
}

static void put_address_member(relais_json *json, const char *key, relais_list user_data,
                               const char *kind, uint32_t group, int is_hashed) {
  for (uint32_t i = 0; i < user_data.count; i++) {
    const relais_identifier *one = RELAIS_AT(user_data, relais_identifier, i);
    if (one->group != group || !identifier_is(one, kind, "tiktok")) continue;
    if (is_hashed && !is_identifying_hash(one->value)) continue;
    put_text(json, key, one->value);
    return;
  }
}

static void write_address(relais_json *json, relais_list user_data) {
  uint32_t group;
  if (!address_group(user_data, &group)) return;
  put_address_member(json, "first_name", user_data, "first_name", group, 1);
  put_address_member(json, "last_name", user_data, "last_name", group, 1);
  put_address_member(json, "city", user_data, "city", group, 0);
  put_address_member(json, "state", user_data, "region", group, 0);
  put_address_member(json, "zip_code", user_data, "postal_code", group, 1);
  put_address_member(json, "country", user_data, "country", group, 0);
}

/* "Send TikTok click ID": up to 1,000 characters, never cut. The address of the page first: it is
 * the visitor's latest click. */
static int write_click_id(batch *b, const relais_event *event) {
  relais_str click = params_text(event->click_ids, "ttclid");
  relais_str cookie = params_text(event->cookies, "ttclid");
  int malformed = (!text_blank(click) && !text_visible(click, 1000)) ||
                  (!text_blank(cookie) && !text_visible(cookie, 1000));
  if (malformed) batch_omit(b, event, TIKTOK_OMITTED_CLICK_ID);
  if (!text_visible(click, 1000)) click = cookie;
  if (!text_visible(click, 1000)) return 0;
  put_text(&b->json, "ttclid", click);
  return 1;
}

/* "Send TikTok cookie": the value of _ttp, as the pixel wrote it; none is ever made up. */
static int write_cookie(batch *b, const relais_event *event) {
  relais_str cookie = params_text(event->cookies, "_ttp");
  if (text_blank(cookie)) return 0;
  if (!text_visible(cookie, 256)) {
    batch_omit(b, event, TIKTOK_OMITTED_COOKIE);
    return 0;
  }
  put_text(&b->json, "ttp", cookie);
  return 1;
}

/* A BCP 47 tag, by its form: subtags of 1 to 8 letters and digits, the first one of letters. */
static int is_locale(relais_str text) {
  size_t length = 0;
  int is_first = 1;
  if (text_blank(text) || text.len > 35) return 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (c == '-') {
      if (!length || (is_first && length < 2)) return 0;
      is_first = 0;
      length = 0;
      continue;
    }
    int letter = (c | 32) >= 'a' && (c | 32) <= 'z', digit = c >= '0' && c <= '9';
    if ((!letter && (is_first || !digit)) || ++length > 8) return 0;
  }
  return length > (is_first ? 1 : 0);
}

/* The browser; 1 when both its address and its agent are there, which together are enough. */
static int write_browser(batch *b, const relais_event *event) {
  relais_json *json = &b->json;
  int has_ip = is_ip_address(event->ip_override);
  if (has_ip) {
    put_text(json, "ip", event->ip_override);
  } else if (!text_blank(event->ip_override)) {
    batch_omit(b, event, TIKTOK_OMITTED_IP);
  }
  put_text(json, "user_agent", event->user_agent);
  if (is_locale(event->language)) {
    put_text(json, "locale", event->language);
  } else if (!text_blank(event->language)) {
    batch_omit(b, event, TIKTOK_OMITTED_LOCALE);
  }
  return has_ip && !text_blank(event->user_agent);
}

/* "Offline": the interface has no external_id for it. */
static int write_external_id(batch *b, const relais_event *event) {
  relais_list data = event->user_data;
  if (b->instance->source != TIKTOK_OFFLINE)
    return put_hashes(&b->json, "external_id", data, "external_id", "sha256") > 0;
  for (uint32_t i = 0; i < data.count; i++)
    if (text_is(RELAIS_AT(data, relais_identifier, i)->kind, "external_id"))
      batch_omit(b, event, TIKTOK_OMITTED_EXTERNAL_ID);
  return 0;
}

int tiktok_write_user(batch *b, const relais_event *event) {
  relais_json *json = &b->json;
  relais_list data = event->user_data;
  /* A lead is known by its id. */
  int known = b->instance->source == TIKTOK_CRM;
  relais_json_mark before = json->at;
  relais_json_key(json, RELAIS_STR("user"));
  relais_json_begin_object(json);
  size_t empty = json->at.length;
  known |= put_hashes(json, "email", data, "email", "lower") > 0;
  known |= put_hashes(json, "phone", data, "phone", "e164") > 0;
  known |= write_external_id(b, event);
  write_address(json, data);
  known |= write_click_id(b, event);
  known |= write_cookie(b, event);
  known |= write_browser(b, event);
  if (json->at.length == empty) {
    relais_json_rewind(json, before);
  } else {
    relais_json_end_object(json);
  }
  return known;
}
