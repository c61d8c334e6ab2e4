/* `user_data`: hashed identifiers, the browser's address and agent, Meta's cookies and click id.
 * Page "Customer information parameters". SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

enum {
  HAS_EMAIL = 1,
  HAS_PHONE = 2,
  HAS_FIRST_NAME = 4,
  HAS_LAST_NAME = 8,
  HAS_GENDER = 16,
  HAS_BIRTH_DATE = 32,
  HAS_CITY = 64,
  HAS_STATE = 128,
  HAS_ZIP = 256,
  HAS_COUNTRY = 512,
  HAS_EXTERNAL_ID = 1024,
  HAS_IP = 2048,
  HAS_USER_AGENT = 4096,
  HAS_FBC = 8192,
  HAS_FBP = 16384,
  HAS_OTHER = 32768
};

static const struct {
  const char *kind, *recipe, *key;
  unsigned bit;
} hashed[] = {
    {"email", "lower", "em", HAS_EMAIL},
    {"phone", "digits", "ph", HAS_PHONE},
    {"first_name", "meta", "fn", HAS_FIRST_NAME},
    {"last_name", "meta", "ln", HAS_LAST_NAME},
    {"gender", "meta", "ge", HAS_GENDER},
    {"date_of_birth", "meta", "db", HAS_BIRTH_DATE},
    {"city", "meta", "ct", HAS_CITY},
    {"region", "meta", "st", HAS_STATE},
    {"postal_code", "meta", "zp", HAS_ZIP},
    {"country", "meta", "country", HAS_COUNTRY},
    {"external_id", "meta", "external_id", HAS_EXTERNAL_ID},
};

/* Cuts text at its dots; how many parts there are, at most `limit` of which are stored. */
static size_t cut(relais_str text, relais_str *parts, size_t limit) {
  size_t count = 0, start = 0;
  for (size_t i = 0; i <= text.len; i++) {
    if (i < text.len && text.ptr[i] != '.') continue;
    if (count < limit) parts[count] = (relais_str){text.ptr + start, i - start};
    count += 1;
    start = i + 1;
  }
  return count;
}

/* The fifth segment that Meta's parameter builder adds: eight characters, formerly two. */
static int is_appendix(relais_str text) {
  static const char *const languages[] = {"AQ", "Ag", "Aw", "BA", "BQ", "Bg"};
  for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
    if (text_is(text, languages[i])) return 1;
  return text.len == 8;
}

/* fb.<subdomain index>.<creation ms>.<payload>[.<appendix>] (page "fbp and fbc parameters"). */
static int is_cookie(relais_str text, relais_str *payload) {
  relais_str parts[5];
  if (!text_visible(text, 1024)) return 0;
  size_t count = cut(text, parts, 5);
  if (count != 4 && count != 5) return 0;
  if (!text_is(parts[0], "fb") || !text_digits(parts[1], 20) || !text_digits(parts[2], 20))
    return 0;
  if (!parts[3].len) return 0;
  if (count == 5 && !is_appendix(parts[4])) return 0;
  *payload = parts[3];
  return 1;
}

/* A dot would make a cookie that Meta's own library does not read; its browser library ignores more
 * than 500. */
static int is_click_id(relais_str text) {
  return text_visible(text, 500) && !memchr(text.ptr, '.', text.len);
}

/* `_fbc` as it is, unless the visitor has come by another click since: then, and without a cookie,
 * it is made of the click id and the event's time. Index 1 is what the page asks of a server. Click
 * ids differ by case. */
static int write_fbc(batch *b, const relais_event *event, int64_t time_ms) {
  relais_json *json = &b->json;
  relais_str cookie = params_text(event->cookies, "_fbc");
  relais_str click = params_text(event->click_ids, "fbclid");
  relais_str payload = {NULL, 0};
  int valid = is_cookie(cookie, &payload);
  if (!text_blank(cookie) && !valid) batch_omit(b, event, META_OMITTED_COOKIE);
  if (!text_blank(click) && !is_click_id(click)) {
    batch_omit(b, event, META_OMITTED_CLICK_ID);
    click = (relais_str){NULL, 0};
  }
  if (valid && (text_blank(click) || text_equal(click, payload))) {
    put_text(json, "fbc", cookie);
    return 1;
  }
  if (text_blank(click)) return 0;

  char text[5 + 20 + 1 + 500];
  size_t at = sizeof "fb.1." - 1;
  memcpy(text, "fb.1.", at);
  char digits[20];
  size_t first = sizeof digits;
  for (uint64_t rest = (uint64_t)time_ms; rest || first == sizeof digits; rest /= 10)
    digits[--first] = (char)('0' + rest % 10);
  memcpy(text + at, digits + first, sizeof digits - first);
  at += sizeof digits - first;
  text[at++] = '.';
  memcpy(text + at, click.ptr, click.len);
  put_text(json, "fbc", (relais_str){text, at + click.len});
  return 1;
}

static int write_fbp(batch *b, const relais_event *event) {
  relais_str cookie = params_text(event->cookies, "_fbp");
  relais_str payload;
  if (text_blank(cookie)) return 0;
  if (!is_cookie(cookie, &payload)) {
    batch_omit(b, event, META_OMITTED_COOKIE);
    return 0;
  }
  put_text(&b->json, "fbp", cookie);
  return 1;
}

/* Page "Best practices", since v13.0: an event that has nothing beyond one of these sets is invalid
 * (error 2804050), and takes its whole request with it. */
static int identifies(unsigned has) {
  static const unsigned weak[] = {
      HAS_CITY | HAS_COUNTRY | HAS_STATE | HAS_ZIP | HAS_GENDER | HAS_USER_AGENT,
      HAS_BIRTH_DATE | HAS_USER_AGENT,
      HAS_FIRST_NAME | HAS_GENDER,
      HAS_LAST_NAME | HAS_GENDER,
  };
  for (size_t i = 0; i < sizeof weak / sizeof *weak; i++)
    if ((has & ~weak[i]) == 0) return 0;
  return 1;
}

/* Identifiers in clear that `params` names. */
static unsigned write_named(batch *b, const relais_event *event) {
  static const char *const persons[] = {"lead_id", "fb_login_id", "subscription_id",
                                        "page_scoped_user_id", "ctwa_clid", "ig_sid", "partner_id"};
  const field_map *params = &b->instance->params;
  if (!params->count) return 0;
  put_fields(b, params, "user_data", event, META_OMITTED_FIELD);
  for (size_t i = 0; i < sizeof persons / sizeof *persons; i++)
    if (field_is_given(params, "user_data", persons[i], event)) return HAS_OTHER;
  return 0;
}

int meta_write_user_data(batch *b, const relais_event *event, int64_t time_ms) {
  relais_json *json = &b->json;
  unsigned has = 0;
  relais_json_key(json, RELAIS_STR("user_data"));
  relais_json_begin_object(json);
  for (size_t key = 0; key < sizeof hashed / sizeof *hashed; key++)
    if (put_hashes(json, hashed[key].key, event->user_data, hashed[key].kind, hashed[key].recipe))
      has |= hashed[key].bit;
  if (is_ip_address(event->ip_override)) {
    put_text(json, "client_ip_address", event->ip_override);
    has |= HAS_IP;
  } else if (!text_blank(event->ip_override)) {
    batch_omit(b, event, META_OMITTED_IP);
  }
  if (!text_blank(event->user_agent)) {
    put_text(json, "client_user_agent", event->user_agent);
    has |= HAS_USER_AGENT;
  }
  if (write_fbc(b, event, time_ms)) has |= HAS_FBC;
  if (write_fbp(b, event)) has |= HAS_FBP;
  has |= write_named(b, event);
  relais_json_end_object(json);
  return identifies(has);
}
