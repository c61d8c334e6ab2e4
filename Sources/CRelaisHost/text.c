#include "text.h"

static bool continues(const uint8_t *bytes, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) {
    if ((bytes[i] & 0xC0) != 0x80) return false;
  }
  return true;
}

size_t host_character(const uint8_t *bytes, size_t length) {
  uint8_t first = bytes[0];
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return length >= 2 && continues(bytes, 1, 2) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (length < 3 || !continues(bytes, 1, 3)) return 0;
    bool overlong = first == 0xE0 && bytes[1] < 0xA0;
    bool surrogate = first == 0xED && bytes[1] > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (length < 4 || !continues(bytes, 1, 4)) return 0;
    bool overlong = first == 0xF0 && bytes[1] < 0x90;
    bool beyond = first == 0xF4 && bytes[1] > 0x8F;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

bool host_is_utf8(const void *text, size_t length) {
  const uint8_t *bytes = text;
  size_t at = 0;
  while (at < length) {
    if (bytes[at] < 0x80) {
      at++;
      continue;
    }
    size_t size = host_character(bytes + at, length - at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

static char lower(char character) {
  return character >= 'A' && character <= 'Z' ? (char)(character + 32) : character;
}

bool host_same_word(relais_str left, relais_str right) {
  if (left.len != right.len) return false;
  for (size_t i = 0; i < left.len; i++) {
    if (lower(left.ptr[i]) != lower(right.ptr[i])) return false;
  }
  return true;
}

static size_t digits(relais_str text, size_t at) {
  size_t start = at;
  while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') at++;
  return at - start;
}

bool host_is_number(relais_str text) {
  size_t at = 0;
  if (at < text.len && text.ptr[at] == '-') at++;
  size_t whole = digits(text, at);
  if (whole == 0 || (whole > 1 && text.ptr[at] == '0')) return false;
  at += whole;
  if (at < text.len && text.ptr[at] == '.') {
    size_t fraction = digits(text, ++at);
    if (fraction == 0) return false;
    at += fraction;
  }
  if (at < text.len && lower(text.ptr[at]) == 'e') {
    at++;
    if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-')) at++;
    size_t exponent = digits(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.len;
}

void host_put_clean(host_buffer *buffer, relais_str text, size_t limit) {
  const uint8_t *bytes = (const uint8_t *)text.ptr;
  size_t length = bytes ? text.len : 0;
  size_t start = buffer->length;
  size_t written = 0;
  host_put_u32(buffer, 0);
  for (size_t at = 0; at < length;) {
    size_t size = host_character(bytes + at, length - at);
    if (written + (size ? size : 1) > limit) break;
    bool control = bytes[at] < 0x20 && bytes[at] != '\t' && bytes[at] != '\n';
    if (size == 0 || control || bytes[at] == 0x7F) {
      host_put_u8(buffer, '?');
      size = 1;
    } else {
      host_put(buffer, bytes + at, size);
    }
    at += size;
    written += size;
  }
  host_set_u32(buffer, start, (uint32_t)written);
}

void host_put_slug(host_buffer *buffer, relais_str text) {
  char slug[64];
  size_t length = text.ptr ? text.len : 0;
  if (length > sizeof slug) length = sizeof slug;
  for (size_t i = 0; i < length; i++) {
    char character = lower(text.ptr[i]);
    bool legal = (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    slug[i] = legal ? character : '_';
  }
  host_put_str(buffer, (relais_str){slug, length});
}
