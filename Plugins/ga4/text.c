/* Text in the call's arena, and small questions about relais_str.
 * SPDX-License-Identifier: Apache-2.0 */
#include "ga4.h"

static int text_reserve(ga4_text *text, size_t count) {
  if (text->failed) return 0;
  if (count <= text->capacity - text->len) return 1;
  size_t capacity = text->capacity ? text->capacity : 2048;
  while (capacity - text->len < count) {
    if (capacity > SIZE_MAX / 4) {
      text->failed = 1;
      return 0;
    }
    capacity *= 2;
  }
  char *grown = text->call->alloc(text->call->ctx, capacity, 1);
  if (!grown) {
    text->failed = 1;
    return 0;
  }
  if (text->len) memcpy(grown, text->ptr, text->len);
  text->ptr = grown;
  text->capacity = capacity;
  return 1;
}

void ga4_text_bytes(ga4_text *text, const char *bytes, size_t count) {
  if (!count || !text_reserve(text, count)) return;
  memcpy(text->ptr + text->len, bytes, count);
  text->len += count;
}

void ga4_text_str(ga4_text *text, relais_str value) { ga4_text_bytes(text, value.ptr, value.len); }

/* 1: encodeURIComponent leaves the byte as it is (A-Z a-z 0-9 - _ . ! ~ * ' ( )). */
static const unsigned char plain[256] = {
    ['!'] = 1,         ['\''] = 1, ['('] = 1,         [')'] = 1, ['*'] = 1, ['-'] = 1, ['.'] = 1,
    ['0' ... '9'] = 1, ['A' ... 'Z'] = 1, ['_'] = 1, ['a' ... 'z'] = 1, ['~'] = 1};

void ga4_text_component(ga4_text *text, relais_str value) {
  static const char digits[] = "0123456789ABCDEF";
  if (value.len > SIZE_MAX / 8) {
    text->failed = 1;
    return;
  }
  if (!value.len || !text_reserve(text, value.len * 3)) return;
  char *out = text->ptr + text->len;
  for (size_t i = 0; i < value.len; i++) {
    unsigned char c = (unsigned char)value.ptr[i];
    if (plain[c]) {
      *out++ = (char)c;
      continue;
    }
    *out++ = '%';
    *out++ = digits[c >> 4];
    *out++ = digits[c & 15];
  }
  text->len = (size_t)(out - text->ptr);
}

int ga4_equal(relais_str a, relais_str b) {
  if (!a.ptr || !b.ptr) return a.ptr == b.ptr;
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

relais_str ga4_prefix_of(relais_str text, size_t characters) {
  if (text.len <= characters) return text;
  size_t seen = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (((unsigned char)text.ptr[i] & 0xC0) == 0x80) continue;
    if (seen == characters) {
      text.len = i;
      return text;
    }
    seen++;
  }
  return text;
}

relais_str ga4_find(relais_list params, const char *key) {
  size_t len = strlen(key);
  for (uint32_t i = params.count; i > 0; i--) {
    const relais_param *param = RELAIS_AT(params, relais_param, i - 1);
    if (param->key.len == len && memcmp(param->key.ptr, key, len) == 0) return param->text;
  }
  return (relais_str){NULL, 0};
}

relais_str ga4_consent(const relais_event *event, const char *purpose) {
  return ga4_find(event->consent, purpose);
}
