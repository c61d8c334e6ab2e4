/* What an advertising vendor's event is made of: its time, URLs, hashes and addresses.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_EVENT_H
#define RELAIS_COMMON_EVENT_H

#include <arpa/inet.h>
#include <strings.h>

#include "currency.h"
#include "relais/plugin.h"
#include "text.h"

/* When it happened; never later than it was received, so that a clock that is ahead makes no event
 * of the future, and every attempt says the same time. */
static inline int64_t event_time_ms(const relais_call *call, const relais_event *event) {
  int64_t happened = event->timestamp_micros / 1000, received = event->received_micros / 1000;
  if (received > 0 && happened > received) happened = received;
  if (happened > call->now_ms) happened = call->now_ms;
  return happened < 0 ? 0 : happened;
}

/* The id by which the vendor finds the browser's copy: event_id, or that of the order for a purchase
 * when the destination says so. */
static inline relais_str event_shared_id(int by_transaction, const relais_event *event) {
  if (by_transaction && text_is(event->event_name, "purchase") &&
      !id_is_placeholder(event->transaction_id))
    return event->transaction_id;
  return event->event_id;
}

static inline int url_must_encode(unsigned char c) { return c <= 0x20 || c == 0x7f; }

/* The http(s) URL with white space and control characters percent-encoded; absent when it is no
 * such URL. */
static inline relais_str url_clean(const relais_call *call, relais_str text) {
  static const char hex[] = "0123456789ABCDEF";
  relais_str none = {NULL, 0};
  size_t scheme = 0, strange = 0;
  while (text.len && url_must_encode((unsigned char)text.ptr[0])) {
    text.ptr += 1;
    text.len -= 1;
  }
  while (text.len && url_must_encode((unsigned char)text.ptr[text.len - 1])) text.len -= 1;
  if (text.len > 7 && strncasecmp(text.ptr, "http://", 7) == 0) scheme = 7;
  if (text.len > 8 && strncasecmp(text.ptr, "https://", 8) == 0) scheme = 8;
  if (!scheme || strchr("/?#:", text.ptr[scheme])) return none;
  for (size_t i = 0; i < text.len; i++) strange += url_must_encode((unsigned char)text.ptr[i]);
  if (!strange) return text;
  char *url = call->alloc(call->ctx, text.len + strange * 2, 1);
  if (!url) return none;
  size_t at = 0;
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    if (url_must_encode(c)) {
      url[at++] = '%';
      url[at++] = hex[c >> 4];
      url[at++] = hex[c & 15];
    } else {
      url[at++] = (char)c;
    }
  }
  return (relais_str){url, at};
}

static inline int is_ip_address(relais_str text) {
  char terminated[INET6_ADDRSTRLEN];
  unsigned char address[16];
  if (text_blank(text) || text.len >= sizeof terminated) return 0;
  if (memchr(text.ptr, 0, text.len)) return 0;
  memcpy(terminated, text.ptr, text.len);
  terminated[text.len] = '\0';
  return inet_pton(AF_INET, terminated, address) == 1 ||
         inet_pton(AF_INET6, terminated, address) == 1;
}

/* A SHA-256 in lower-case hex, and not that of the empty text, which says nothing of anyone. */
static inline int is_identifying_hash(relais_str value) {
  static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  if (!value.ptr || value.len != 64) return 0;
  for (size_t i = 0; i < value.len; i++) {
    char c = value.ptr[i];
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return 0;
  }
  return memcmp(value.ptr, empty, 64) != 0;
}

static inline int identifier_is(const relais_identifier *one, const char *kind,
                                const char *recipe) {
  return text_is(one->kind, kind) && text_is(one->recipe, recipe);
}

/* Whether the same value stands earlier in the list. */
static inline int identifier_is_repeated(relais_list user_data, uint32_t index) {
  const relais_identifier *one = RELAIS_AT(user_data, relais_identifier, index);
  for (uint32_t i = 0; i < index; i++) {
    const relais_identifier *other = RELAIS_AT(user_data, relais_identifier, i);
    if (text_equal(one->kind, other->kind) && text_equal(one->recipe, other->recipe) &&
        text_equal(one->value, other->value))
      return 1;
  }
  return 0;
}

/* Writes every hash of that kind and recipe as a list under `key`; how many these are. */
static inline uint32_t put_hashes(relais_json *json, const char *key, relais_list user_data,
                                  const char *kind, const char *recipe) {
  uint32_t written = 0;
  for (uint32_t i = 0; i < user_data.count; i++) {
    const relais_identifier *one = RELAIS_AT(user_data, relais_identifier, i);
    if (!identifier_is(one, kind, recipe) || !is_identifying_hash(one->value) ||
        identifier_is_repeated(user_data, i))
      continue;
    if (!written++) {
      relais_json_key(json, text_of(key));
      relais_json_begin_array(json);
    }
    relais_json_string(json, one->value);
  }
  if (written) relais_json_end_array(json);
  return written;
}

#endif
