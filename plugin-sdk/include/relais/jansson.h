/* relais/jansson.h - reading configuration and vendors' answers with jansson (https://github.com/akheron/jansson).
 *
 * Part of the Relais plugin SDK, since 1.0. Header-only; link with -ljansson. Valid as C99, C11, C++11 and later.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Ownership: a json_t that a parse function answers is the caller's: json_decref() it before the call returns (or keep it
 * in the instance). What a getter answers is borrowed from the json_t. relais_jansson_copy() answers memory for free().
 * Threads: as jansson: a json_t belongs to one thread at a time.
 * A plugin shares jansson with everything else in its process: it never calls json_set_alloc_funcs() or
 * json_object_seed(). Write bodies with relais/json.h, not with jansson: jansson prints 129.9 as 129.90000000000001. */
#ifndef RELAIS_JANSSON_H
#define RELAIS_JANSSON_H

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How deep what is parsed may nest; jansson itself would recurse 2048 deep.                                  since 1.0 */
#define RELAIS_JANSSON_MAX_DEPTH 32

/* ---- Parsing ---------------------------------------------------------------------------------------------------- */

/* 1 when text nests at most `limit` arrays and objects deep. Brackets in strings do not count. */
static inline int relais_jansson_shallow_(relais_str text, int limit) {
  size_t i;
  int depth = 0, quoted = 0;
  for (i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (quoted) {
      if (c == '\\') {
        i += 1;
      } else if (c == '"') {
        quoted = 0;
      }
    } else if (c == '"') {
      quoted = 1;
    } else if (c == '{' || c == '[') {
      if (++depth > limit) return 0;
    } else if (c == '}' || c == ']') {
      depth -= 1;
    }
  }
  return 1;
}

/* The same text with U+FFFD for what is not UTF-8; text itself when there is nothing to replace. In the call's arena;
 * absent when that is used up. */
static inline relais_str relais_jansson_utf8_(const relais_call *call, relais_str text) {
  const unsigned char *p = (const unsigned char *)text.ptr;
  relais_str clean = {NULL, 0};
  size_t i = 0, bad = 0, parts = 0, length;
  char *out;
  while (i < text.len) {
    length = p[i] < 0x80 ? 1 : relais_json_sequence_(p + i, text.len - i, &bad);
    if (!length) parts += 1;
    i += length ? length : bad;
  }
  if (!parts) return text;
  if (parts > (SIZE_MAX - text.len) / 3) return clean;
  out = (char *)call->alloc(call->ctx, text.len + parts * 3, 1);
  if (!out) return clean;
  clean.ptr = out;
  for (i = 0; i < text.len;) {
    length = p[i] < 0x80 ? 1 : relais_json_sequence_(p + i, text.len - i, &bad);
    if (length) {
      memcpy(out, p + i, length);
      out += length;
      i += length;
    } else {
      memcpy(out, "\xef\xbf\xbd", 3);
      out += 3;
      i += bad;
    }
  }
  clean.len = (size_t)(out - clean.ptr);
  return clean;
}

/* Parses the configuration that create() is given: an object. NULL when it is none, with the place in *error (which may
 * be NULL).                                                                                                  since 1.0 */
static inline json_t *relais_jansson_config(relais_str config, json_error_t *error) {
  json_t *json = NULL;
  if (error) memset(error, 0, sizeof *error);
  if (config.ptr && relais_jansson_shallow_(config, RELAIS_JANSSON_MAX_DEPTH))
    json = json_loadb(config.ptr, config.len, JSON_REJECT_DUPLICATES, error);
  if (json && !json_is_object(json)) {
    json_decref(json);
    json = NULL;
  }
  return json;
}

/* Parses a vendor's answer, which may be anything: bounded in depth, bytes that are not UTF-8 replaced, a byte order mark
 * skipped. NULL when it is not a JSON object or array: empty, HTML, cut off.                                 since 1.0 */
static inline json_t *relais_jansson_answer(const relais_call *call, relais_str body) {
  if (!body.ptr) return NULL;
  if (body.len >= 3 && memcmp(body.ptr, "\xef\xbb\xbf", 3) == 0) {
    body.ptr += 3;
    body.len -= 3;
  }
  if (!relais_jansson_shallow_(body, RELAIS_JANSSON_MAX_DEPTH)) return NULL;
  body = relais_jansson_utf8_(call, body);
  if (!body.ptr) return NULL;
  return json_loadb(body.ptr, body.len, JSON_ALLOW_NUL, NULL);
}

/* ---- Getters: the member `name` of an object, or the fallback when there is no such member of that type. The object may
 * be NULL or no object at all. ---------------------------------------------------------------------------------------- */

/* The text of a JSON string; absent when it is none.                                                         since 1.0 */
static inline relais_str relais_jansson_text(const json_t *value) {
  relais_str text = {NULL, 0};
  if (json_is_string(value)) {
    text.ptr = json_string_value(value);
    text.len = json_string_length(value);
  }
  return text;
}

static inline relais_str relais_jansson_string(const json_t *object, const char *name, relais_str fallback) {
  relais_str text = relais_jansson_text(json_object_get(object, name));
  return text.ptr ? text : fallback;
}

static inline int64_t relais_jansson_int(const json_t *object, const char *name, int64_t fallback) {
  const json_t *value = json_object_get(object, name);
  return json_is_integer(value) ? (int64_t)json_integer_value(value) : fallback;
}

static inline int relais_jansson_bool(const json_t *object, const char *name, int fallback) {
  const json_t *value = json_object_get(object, name);
  return json_is_boolean(value) ? json_is_true(value) : fallback;
}

/* The strings of an array, at most `capacity` of them; how many there are. Other elements are passed over.   since 1.0 */
static inline size_t relais_jansson_strings(const json_t *object, const char *name, relais_str *strings,
                                            size_t capacity) {
  const json_t *array = json_object_get(object, name);
  size_t i, count = 0;
  for (i = 0; i < json_array_size(array) && count < capacity; i++) {
    relais_str text = relais_jansson_text(json_array_get(array, i));
    if (text.ptr) strings[count++] = text;
  }
  return count;
}

/* ---- Keeping ---------------------------------------------------------------------------------------------------- */

/* A copy that ends with NUL and outlives the call; release it with free(). NULL when memory is short, and for an absent
 * string. Text with a NUL inside is cut there for functions that expect C strings.                           since 1.0 */
static inline char *relais_jansson_copy(relais_str text) {
  char *copy;
  if (!text.ptr || text.len == SIZE_MAX) return NULL;
  copy = (char *)malloc(text.len + 1);
  if (!copy) return NULL;
  if (text.len) memcpy(copy, text.ptr, text.len);
  copy[text.len] = '\0';
  return copy;
}

#ifdef __cplusplus
}
#endif

#endif
