/* Hashed user data, sorted into what GA4 takes, and gtag's `em` parameter.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ga4.h"

enum { HEX_DIGITS = 64, HASH_BYTES = 32, BASE64_DIGITS = 43 };

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

static int is_hash(relais_str value) {
  if (value.len != HEX_DIGITS) return 0;
  for (size_t i = 0; i < HEX_DIGITS; i++) {
    if (hex_digit(value.ptr[i]) < 0) return 0;
  }
  return 1;
}

static uint32_t add_value(relais_str *values, uint32_t *count, relais_str value) {
  for (uint32_t i = 0; i < *count; i++) {
    if (ga4_equal(values[i], value)) return 0;
  }
  if (*count == GA4_MAX_VALUES) return 1;
  values[(*count)++] = value;
  return 0;
}

/* The member of an address that a kind names, and whether its value is a hash. */
static relais_str *address_member(ga4_address *address, relais_str kind, int *hashed) {
  *hashed = 0;
  if (ga4_is(kind, "city")) return &address->city;
  if (ga4_is(kind, "region")) return &address->region;
  if (ga4_is(kind, "postal_code")) return &address->postal_code;
  if (ga4_is(kind, "country")) return &address->country;
  *hashed = 1;
  if (ga4_is(kind, "first_name")) return &address->first_name;
  if (ga4_is(kind, "last_name")) return &address->last_name;
  if (ga4_is(kind, "street")) return &address->street;
  return NULL;
}

static uint32_t add_to_address(ga4_user_data *data, const relais_identifier *identifier) {
  ga4_address probe;
  int hashed;
  if (!address_member(&probe, identifier->kind, &hashed)) return 0;
  if (hashed && !is_hash(identifier->value)) return 1;
  uint32_t i = 0;
  while (i < data->address_count && data->address[i].group != identifier->group) i++;
  if (i == GA4_MAX_ADDRESSES) return 1;
  if (i == data->address_count) {
    data->address_count++;
    data->address[i].group = identifier->group;
  }
  relais_str *member = address_member(&data->address[i], identifier->kind, &hashed);
  if (member->ptr) return ga4_equal(*member, identifier->value) ? 0 : 1;
  *member = identifier->value;
  return 0;
}

/* Sorts the identifiers that GA4 knows; returns how many values had to be left out. */
static uint32_t sort(const relais_event *event, ga4_user_data *data) {
  uint32_t left_out = 0;
  memset(data, 0, sizeof *data);
  for (uint32_t i = 0; i < event->user_data.count; i++) {
    const relais_identifier *identifier = RELAIS_AT(event->user_data, relais_identifier, i);
    relais_str value = identifier->value;
    if (ga4_blank(value)) continue;
    if (ga4_is(identifier->kind, "email")) {
      if (!ga4_is(identifier->recipe, "google")) continue;
      left_out += is_hash(value) ? add_value(data->email, &data->email_count, value) : 1;
    } else if (ga4_is(identifier->kind, "phone")) {
      if (!ga4_is(identifier->recipe, "e164")) continue;
      left_out += is_hash(value) ? add_value(data->phone, &data->phone_count, value) : 1;
    } else if (ga4_is(identifier->recipe, "google")) {
      left_out += add_to_address(data, identifier);
    }
  }
  return left_out;
}

int ga4_user_data_read(const ga4_encoder *encoder, const relais_event *event,
                       ga4_user_data *data) {
  relais_str state = ga4_consent(event, "ad_user_data");
  if (event->user_data.count == 0) return 0;
  if (ga4_is(state, "denied") || ga4_is(state, "pending")) return 0;
  uint32_t left_out = sort(event, data);
  if (left_out) {
    ga4_note(encoder, RELAIS_WARNING, event,
             "EXCEEDED_MAX_ENTITIES: %u values of user data left out: GA4 takes 3 e-mail addresses, 3 phone numbers and 2 "
             "addresses, each hash as 64 hex digits", left_out);
  }
  return data->email_count || data->phone_count || data->address_count;
}

/* base64url without padding of the bytes that the hex digits stand for. */
static void add_hash(ga4_text *text, const char *key, int index, relais_str hex) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  unsigned char bytes[HASH_BYTES + 1] = {0};
  char out[BASE64_DIGITS + 1];
  size_t used = 0;
  if (ga4_blank(hex)) return;
  for (size_t i = 0; i < HASH_BYTES; i++) {
    bytes[i] = (unsigned char)(hex_digit(hex.ptr[2 * i]) << 4 | hex_digit(hex.ptr[2 * i + 1]));
  }
  for (size_t i = 0; i < HASH_BYTES; i += 3) {
    uint32_t three = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8;
    if (i + 2 < HASH_BYTES) three |= bytes[i + 2];
    out[used++] = alphabet[three >> 18];
    out[used++] = alphabet[three >> 12 & 63];
    out[used++] = alphabet[three >> 6 & 63];
    if (i + 2 < HASH_BYTES) out[used++] = alphabet[three & 63];
  }
  char digit = (char)('0' + index);
  GA4_TEXT_LITERAL(text, "~");
  ga4_text_bytes(text, key, 2);
  if (index >= 0) ga4_text_bytes(text, &digit, 1);
  GA4_TEXT_LITERAL(text, ".");
  ga4_text_bytes(text, out, used);
}

/* Encoded once here and once more with the whole parameter, as gtag.js does. encodeURIComponent
 * would leave a "~" as it is, and that begins the next field. */
static void add_clear(ga4_text *text, const char *key, int index, relais_str value) {
  char digit = (char)('0' + index);
  if (ga4_blank(value)) return;
  GA4_TEXT_LITERAL(text, "~");
  ga4_text_bytes(text, key, 2);
  ga4_text_bytes(text, &digit, 1);
  GA4_TEXT_LITERAL(text, ".");
  for (const char *tilde; (tilde = memchr(value.ptr, '~', value.len)) != NULL;) {
    size_t before = (size_t)(tilde - value.ptr);
    ga4_text_component(text, (relais_str){value.ptr, before});
    GA4_TEXT_LITERAL(text, "%7E");
    value = (relais_str){tilde + 1, value.len - before - 1};
  }
  ga4_text_component(text, value);
}

void ga4_user_data_em(ga4_text *text, const ga4_user_data *data) {
  GA4_TEXT_LITERAL(text, "tv.1");
  for (uint32_t i = 0; i < data->email_count; i++) add_hash(text, "em", -1, data->email[i]);
  for (uint32_t i = 0; i < data->phone_count; i++) add_hash(text, "pn", -1, data->phone[i]);
  for (uint32_t i = 0; i < data->address_count; i++) {
    const ga4_address *address = &data->address[i];
    int index = (int)i;
    add_hash(text, "fn", index, address->first_name);
    add_hash(text, "ln", index, address->last_name);
    add_hash(text, "sa", index, address->street);
    add_clear(text, "ct", index, address->city);
    add_clear(text, "rg", index, address->region);
    add_clear(text, "pc", index, address->postal_code);
    add_clear(text, "co", index, address->country);
  }
}
