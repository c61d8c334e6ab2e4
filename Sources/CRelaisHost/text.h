/* text.h - UTF-8 and the small text rules of what a plugin hands over. */
#ifndef RELAIS_HOST_TEXT_H
#define RELAIS_HOST_TEXT_H

#include "buffer.h"

static inline bool host_text_is(relais_str text, const char *word) {
  size_t length = strlen(word);
  return text.ptr && text.len == length && memcmp(text.ptr, word, length) == 0;
}

/* Bytes of the character that begins `bytes`, 0 when it is not valid UTF-8. `length` is at least
 * 1. */
size_t host_character(const uint8_t *bytes, size_t length);
bool host_is_utf8(const void *bytes, size_t length);
/* Equal but for the case of ASCII letters. */
bool host_same_word(relais_str left, relais_str right);
/* A JSON number. */
bool host_is_number(relais_str text);
/* Appends a `str` of at most `limit` bytes, cut before a character; what is not UTF-8 or a
 * control character other than tab and newline becomes '?'. */
void host_put_clean(host_buffer *buffer, relais_str text, size_t limit);
/* Appends a `str` of [a-z0-9_]{0,64}: upper case is lowered, other characters become '_'. */
void host_put_slug(host_buffer *buffer, relais_str text);

#endif
