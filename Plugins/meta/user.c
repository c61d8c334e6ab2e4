/* `user_data`: hashed identifiers, the browser's address and agent, Meta's cookies and click id.
 * Page "Customer information parameters". SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <string.h>

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
  HAS_FBP = 16384
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
    {"external_id", "sha256", "external_id", HAS_EXTERNAL_ID},
};

/* A SHA-256 in lower-case hex, and not that of the empty text, which says nothing of anyone. */
static int is_hash(relais_str value) {
  static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  if (!value.ptr || value.len != 64) return 0;
  for (size_t i = 0; i < value.len; i++) {
    char c = value.ptr[i];
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return 0;
  }
  return memcmp(value.ptr, empty, 64) != 0;
}

static int stands_before(relais_list user_data, uint32_t index) {
  const relais_identifier *one = RELAIS_AT(user_data, relais_identifier, index);
  for (uint32_t i = 0; i < index; i++) {
    const relais_identifier *other = RELAIS_AT(user_data, relais_identifier, i);
    if (meta_equal(one->kind, other->kind) && meta_equal(one->recipe, other->recipe) &&
        meta_equal(one->value, other->value))
      return 1;
  }
  return 0;
}

/* Writes every value of one key as a list; its bit, or 0 when there is none. */
static unsigned write_hashes(relais_json *json, relais_list user_data, size_t key) {
  int open = 0;
  for (uint32_t i = 0; i < user_data.count; i++) {
    const relais_identifier *identifier = RELAIS_AT(user_data, relais_identifier, i);
    if (!meta_is(identifier->kind, hashed[key].kind) ||
        !meta_is(identifier->recipe, hashed[key].recipe) ||
        !is_hash(identifier->value) || stands_before(user_data, i))
      continue;
    if (!open) {
      relais_json_key(json, meta_c_str(hashed[key].key));
      relais_json_begin_array(json);
      open = 1;
    }
    relais_json_string(json, identifier->value);
  }
  if (open) relais_json_end_array(json);
  return open ? hashed[key].bit : 0;
}

static int is_ip(relais_str text) {
  char terminated[INET6_ADDRSTRLEN];
  unsigned char address[16];
  if (meta_blank(text) || text.len >= sizeof terminated) return 0;
  if (memchr(text.ptr, 0, text.len)) return 0;
  memcpy(terminated, text.ptr, text.len);
  terminated[text.len] = '\0';
  return inet_pton(AF_INET, terminated, address) == 1 ||
         inet_pton(AF_INET6, terminated, address) == 1;
}

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

static int is_number(relais_str text) {
  if (!text.len || text.len > 20) return 0;
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return 0;
  return 1;
}

static int is_visible(relais_str text, size_t limit) {
  if (meta_blank(text) || text.len > limit) return 0;
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] <= 0x20 || text.ptr[i] >= 0x7f) return 0;
  return 1;
}

/* The fifth segment that Meta's parameter builder adds: eight characters, formerly two. */
static int is_appendix(relais_str text) {
  static const char *const languages[] = {"AQ", "Ag", "Aw", "BA", "BQ", "Bg"};
  for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
    if (meta_is(text, languages[i])) return 1;
  return text.len == 8;
}

/* fb.<subdomain index>.<creation ms>.<payload>[.<appendix>] (page "fbp and fbc parameters"). */
static int is_cookie(relais_str text, relais_str *payload) {
  relais_str parts[5];
  if (!is_visible(text, 1024)) return 0;
  size_t count = cut(text, parts, 5);
  if (count != 4 && count != 5) return 0;
  if (!meta_is(parts[0], "fb") || !is_number(parts[1]) || !is_number(parts[2])) return 0;
  if (!parts[3].len) return 0;
  if (count == 5 && !is_appendix(parts[4])) return 0;
  *payload = parts[3];
  return 1;
}

/* A dot would make a cookie that Meta's own library does not read; its browser library ignores more
 * than 500. */
static int is_click_id(relais_str text) {
  return is_visible(text, 500) && !memchr(text.ptr, '.', text.len);
}

/* `_fbc` as it is, unless the visitor has come by another click since: then, and without a cookie,
 * it is made of the click id and the event's time. Index 1 is what the page asks of a server. Click
 * ids differ by case. */
static int write_fbc(meta_encoder *encoder, const relais_event *event, int64_t time_ms) {
  relais_json *json = &encoder->json;
  relais_str cookie = meta_find_text(event->cookies, "_fbc");
  relais_str click = meta_find_text(event->click_ids, "fbclid");
  relais_str payload = {NULL, 0};
  int valid = is_cookie(cookie, &payload);
  if (!meta_blank(cookie) && !valid) meta_omit(encoder, event, META_OMITTED_COOKIE);
  if (!meta_blank(click) && !is_click_id(click)) {
    meta_omit(encoder, event, META_OMITTED_CLICK_ID);
    click = (relais_str){NULL, 0};
  }
  if (valid && (meta_blank(click) || meta_equal(click, payload))) {
    meta_put(json, "fbc", cookie);
    return 1;
  }
  if (meta_blank(click)) return 0;

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
  meta_put(json, "fbc", (relais_str){text, at + click.len});
  return 1;
}

static int write_fbp(meta_encoder *encoder, const relais_event *event) {
  relais_str cookie = meta_find_text(event->cookies, "_fbp");
  relais_str payload;
  if (meta_blank(cookie)) return 0;
  if (!is_cookie(cookie, &payload)) {
    meta_omit(encoder, event, META_OMITTED_COOKIE);
    return 0;
  }
  meta_put(&encoder->json, "fbp", cookie);
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

int meta_write_user_data(meta_encoder *encoder, const relais_event *event, int64_t time_ms) {
  relais_json *json = &encoder->json;
  unsigned has = 0;
  relais_json_key(json, RELAIS_STR("user_data"));
  relais_json_begin_object(json);
  for (size_t key = 0; key < sizeof hashed / sizeof *hashed; key++)
    has |= write_hashes(json, event->user_data, key);
  if (is_ip(event->ip_override)) {
    meta_put(json, "client_ip_address", event->ip_override);
    has |= HAS_IP;
  } else if (!meta_blank(event->ip_override)) {
    meta_omit(encoder, event, META_OMITTED_IP);
  }
  if (!meta_blank(event->user_agent)) {
    meta_put(json, "client_user_agent", event->user_agent);
    has |= HAS_USER_AGENT;
  }
  if (write_fbc(encoder, event, time_ms)) has |= HAS_FBC;
  if (write_fbp(encoder, event)) has |= HAS_FBP;
  relais_json_end_object(json);
  return identifies(has);
}
