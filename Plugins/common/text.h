/* Small questions about texts, parameters and numbers, for the plugins of this folder.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_TEXT_H
#define RELAIS_COMMON_TEXT_H

#include <math.h>
#include <string.h>

#include "relais/json.h"

/* Absent for NULL. */
static inline relais_str text_of(const char *terminated) {
  return (relais_str){terminated, terminated ? strlen(terminated) : 0};
}

static inline int text_equal(relais_str a, relais_str b) {
  return a.ptr && b.ptr && a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static inline int text_is(relais_str text, const char *terminated) {
  return text_equal(text, text_of(terminated));
}

static inline int text_blank(relais_str text) { return !text.ptr || !text.len; }

/* What tags send as an order's number when they have none. */
static inline int id_is_placeholder(relais_str id) {
  return text_blank(id) || text_is(id, "0") || text_is(id, "undefined") || text_is(id, "null");
}

/* 1 to `limit` visible ASCII characters: what can stand in a header, a cookie, a click id. */
static inline int text_visible(relais_str text, size_t limit) {
  if (text_blank(text) || text.len > limit) return 0;
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] <= 0x20 || text.ptr[i] >= 0x7f) return 0;
  return 1;
}

/* Characters of UTF-8, not bytes. */
static inline size_t text_characters(relais_str text) {
  size_t count = 0;
  for (size_t i = 0; i < text.len; i++) count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
  return count;
}

static inline int text_digits(relais_str text, size_t limit) {
  if (text_blank(text) || text.len > limit) return 0;
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return 0;
  return 1;
}

/* The last parameter of that key, or NULL. */
static inline const relais_param *params_find(relais_list params, const char *key) {
  for (uint32_t i = params.count; i > 0; i--) {
    const relais_param *param = RELAIS_AT(params, relais_param, i - 1);
    if (text_is(param->key, key)) return param;
  }
  return NULL;
}

/* Of a string or number; absent when there is none, or an empty one. */
static inline relais_str params_text(relais_list params, const char *key) {
  const relais_param *param = params_find(params, key);
  if (!param || param->type == RELAIS_TYPE_JSON || param->type == RELAIS_TYPE_BOOL ||
      text_blank(param->text))
    return (relais_str){NULL, 0};
  return param->text;
}

/* There, a valid JSON number, finite. */
static inline int number_usable(relais_number number) {
  return number.text.ptr && isfinite(number.value) && relais_json_is_number(number.text);
}

/* A whole number that can count something. */
static inline int number_is_count(double number) {
  return number >= 0 && number <= 1e9 && number == (double)(int64_t)number;
}

/* Nothing when the text is absent or empty. */
static inline void put_text(relais_json *json, const char *key, relais_str text) {
  if (!text_blank(text)) relais_json_put_string(json, text_of(key), text);
}

#endif
