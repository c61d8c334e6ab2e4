/* relais/json.h - a streaming JSON writer into the memory of one call.
 *
 * Part of the Relais plugin SDK, since 1.0. Header-only: nothing of it crosses the boundary between host and plugin. Valid
 * as C99, C11, C++11 and later. SPDX-License-Identifier: Apache-2.0
 *
 *     relais_json json;
 *     relais_json_start(&json, call, 1024);
 *     relais_json_begin_object(&json);
 *     relais_json_put_string(&json, RELAIS_STR("currency"), event->currency);   // nothing when absent
 *     relais_json_put_number(&json, RELAIS_STR("value"), event->value);         // the sender's own digits
 *     relais_json_end_object(&json);
 *     request.body = relais_json_finish(&json);                                 // ptr == NULL: see json.error
 *
 * Errors stick: after the first one every function does nothing, and relais_json_finish() answers an absent string; so
 * check once, at the end. Nothing here aborts.
 * Ownership: the writer borrows the call; its buffer, and the text that relais_json_finish() answers, live in the call's
 * arena and die with the call. What is passed in is copied at once.
 * Threads: a writer belongs to the thread that is inside the call.
 * Output: UTF-8 without white space. Commas are set by the writer. Invalid UTF-8 becomes U+FFFD, one for each maximal
 * part of a sequence (Unicode 15, section 3.9), control characters become escapes: whatever goes in, valid JSON comes out
 * (but for relais_json_raw(), where the caller answers for it). */
#ifndef RELAIS_JSON_H
#define RELAIS_JSON_H

#include <string.h>

#include "plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How deep arrays and objects may nest.                                                                      since 1.0 */
#define RELAIS_JSON_MAX_DEPTH 64

/* What went wrong first, in relais_json.error.                                                               since 1.0 */
enum {
  RELAIS_JSON_OK = 0,
  RELAIS_JSON_E_NOMEM = 1,   /* the call's arena is used up: return RELAIS_E_NOMEM */
  RELAIS_JSON_E_NESTING = 2, /* a fault of the caller: a value without its key, an end without its begin, … */
  RELAIS_JSON_E_DEPTH = 3,   /* deeper than RELAIS_JSON_MAX_DEPTH */
  RELAIS_JSON_E_NUMBER = 4   /* the text of a number is not a JSON number */
};

/* The state of the writer at one moment; see relais_json_rewind().                                           since 1.0 */
typedef struct relais_json_mark {
  size_t length;
  uint64_t objects; /* bit d: the container at depth d is an object */
  uint64_t filled;  /* bit d: it has a member or element already */
  uint32_t depth;   /* open containers */
  uint32_t keyed;   /* 1: a key waits for its value */
  uint32_t done;    /* 1: the outermost value is complete */
} relais_json_mark;

/* A writer. Read `error` and `at.length`; leave the rest to the functions.                                   since 1.0 */
typedef struct relais_json {
  const relais_call *call;
  char *buffer;
  size_t capacity;
  relais_json_mark at;
  uint32_t error; /* RELAIS_JSON_* */
} relais_json;

/* ---- Inside ----------------------------------------------------------------------------------------------------- */

static inline void relais_json_fail_(relais_json *json, uint32_t error) {
  if (json->error == RELAIS_JSON_OK) json->error = error;
}

/* Makes room for `more` bytes: doubles into a new block of the arena. */
static inline int relais_json_room_(relais_json *json, size_t more) {
  size_t wanted, capacity;
  char *block;
  if (json->error) return 0;
  if (more <= json->capacity - json->at.length) return 1;
  wanted = json->at.length + more;
  capacity = json->capacity < 128 ? 256 : json->capacity * 2;
  if (wanted < more || capacity < json->capacity) {
    relais_json_fail_(json, RELAIS_JSON_E_NOMEM);
    return 0;
  }
  if (capacity < wanted) capacity = wanted;
  block = (char *)json->call->alloc(json->call->ctx, capacity, 8);
  if (!block) {
    relais_json_fail_(json, RELAIS_JSON_E_NOMEM);
    return 0;
  }
  if (json->at.length) memcpy(block, json->buffer, json->at.length);
  json->buffer = block;
  json->capacity = capacity;
  return 1;
}

static inline void relais_json_append_(relais_json *json, const char *text, size_t length) {
  if (!length || !relais_json_room_(json, length)) return;
  memcpy(json->buffer + json->at.length, text, length);
  json->at.length += length;
}

/* Checks that a value may stand here, and sets the comma an array element needs. */
static inline int relais_json_value_(relais_json *json) {
  uint64_t bit;
  if (json->error) return 0;
  if (json->at.depth == 0) {
    if (json->at.done) {
      relais_json_fail_(json, RELAIS_JSON_E_NESTING);
      return 0;
    }
    json->at.done = 1;
    return 1;
  }
  bit = (uint64_t)1 << (json->at.depth - 1);
  if (json->at.objects & bit) {
    if (!json->at.keyed) {
      relais_json_fail_(json, RELAIS_JSON_E_NESTING);
      return 0;
    }
    json->at.keyed = 0;
    return 1;
  }
  if (json->at.filled & bit) relais_json_append_(json, ",", 1);
  json->at.filled |= bit;
  return !json->error;
}

static inline void relais_json_begin_(relais_json *json, char bracket, uint64_t object) {
  uint64_t bit;
  if (!relais_json_value_(json)) return;
  if (json->at.depth == RELAIS_JSON_MAX_DEPTH) {
    relais_json_fail_(json, RELAIS_JSON_E_DEPTH);
    return;
  }
  relais_json_append_(json, &bracket, 1);
  bit = (uint64_t)1 << json->at.depth;
  json->at.objects = object ? json->at.objects | bit : json->at.objects & ~bit;
  json->at.filled &= ~bit;
  json->at.depth += 1;
}

static inline void relais_json_end_(relais_json *json, char bracket, uint64_t object) {
  uint64_t is_object;
  if (json->error) return;
  is_object = json->at.depth ? (json->at.objects >> (json->at.depth - 1)) & 1 : 2;
  if (is_object != object || json->at.keyed) {
    relais_json_fail_(json, RELAIS_JSON_E_NESTING);
    return;
  }
  json->at.depth -= 1;
  relais_json_append_(json, &bracket, 1);
}

/* How many of the bytes at p[0 ..< n] need no escape; looks at eight at a time. */
static inline size_t relais_json_plain_(const unsigned char *p, size_t n) {
  const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);
  size_t i = 0;
  while (n - i >= 8) {
    uint64_t w, quote, slash;
    memcpy(&w, p + i, 8);
    quote = w ^ (ones * 0x22);
    slash = w ^ (ones * 0x5c);
    if ((w | (w - ones * 0x20) | (quote - ones) | (slash - ones)) & highs) break;
    i += 8;
  }
  while (i < n && p[i] >= 0x20 && p[i] < 0x80 && p[i] != '"' && p[i] != '\\') i += 1;
  return i;
}

/* Length of the well-formed UTF-8 sequence at p (2 to 4), or 0; *bad is then how many bytes one U+FFFD stands for. */
static inline size_t relais_json_sequence_(const unsigned char *p, size_t n, size_t *bad) {
  unsigned char low = 0x80, high = 0xbf;
  size_t need, i;
  *bad = 1;
  if (p[0] >= 0xc2 && p[0] <= 0xdf) {
    need = 2;
  } else if (p[0] >= 0xe0 && p[0] <= 0xef) {
    need = 3;
    if (p[0] == 0xe0) low = 0xa0;
    if (p[0] == 0xed) high = 0x9f;
  } else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
    need = 4;
    if (p[0] == 0xf0) low = 0x90;
    if (p[0] == 0xf4) high = 0x8f;
  } else {
    return 0;
  }
  for (i = 1; i < need; i++) {
    if (i >= n || p[i] < low || p[i] > high) {
      *bad = i;
      return 0;
    }
    low = 0x80;
    high = 0xbf;
  }
  return need;
}

/* Writes one byte below 0x20, a quote or a backslash as its escape. */
static inline void relais_json_escape_(relais_json *json, unsigned char c) {
  static const char hex[] = "0123456789abcdef";
  char text[6];
  size_t length = 2;
  text[0] = '\\';
  switch (c) {
    case '"': text[1] = '"'; break;
    case '\\': text[1] = '\\'; break;
    case '\b': text[1] = 'b'; break;
    case '\f': text[1] = 'f'; break;
    case '\n': text[1] = 'n'; break;
    case '\r': text[1] = 'r'; break;
    case '\t': text[1] = 't'; break;
    default:
      text[1] = 'u';
      text[2] = text[3] = '0';
      text[4] = hex[c >> 4];
      text[5] = hex[c & 15];
      length = 6;
  }
  relais_json_append_(json, text, length);
}

/* Writes text in quotes; then, for a key, a colon. Room is made once where nothing needs an escape. */
static inline void relais_json_quote_(relais_json *json, relais_str text, int is_key) {
  const unsigned char *p = (const unsigned char *)text.ptr;
  size_t n = text.ptr ? text.len : 0, plain, bad = 1;
  char *out;
  if (n > SIZE_MAX - 4 || !relais_json_room_(json, n + 4)) {
    relais_json_fail_(json, RELAIS_JSON_E_NOMEM);
    return;
  }
  plain = n ? relais_json_plain_(p, n) : 0;
  out = json->buffer + json->at.length;
  *out++ = '"';
  if (plain) memcpy(out, p, plain);
  json->at.length += plain + 1;
  while (plain < n) {
    p += plain;
    n -= plain;
    if (*p < 0x80) {
      relais_json_escape_(json, *p);
      bad = 1;
    } else {
      size_t length = relais_json_sequence_(p, n, &bad);
      relais_json_append_(json, length ? (const char *)p : "\xef\xbf\xbd", length ? length : 3);
      if (length) bad = length;
    }
    p += bad;
    n -= bad;
    plain = n ? relais_json_plain_(p, n) : 0;
    relais_json_append_(json, (const char *)p, plain);
  }
  if (!relais_json_room_(json, 2)) return;
  out = json->buffer + json->at.length;
  *out++ = '"';
  if (is_key) *out++ = ':';
  json->at.length = (size_t)(out - json->buffer);
}

/* ---- Begin and end ---------------------------------------------------------------------------------------------- */

/* Starts a document. hint: the expected size in bytes, so that a usual document never grows; 0 is fine.      since 1.0 */
static inline void relais_json_start(relais_json *json, const relais_call *call, size_t hint) {
  memset(json, 0, sizeof *json);
  json->call = call;
  if (hint) (void)relais_json_room_(json, hint);
}

/* The finished document; absent when there was an error, when a container is still open, and when nothing was written.
 * The text stays valid until the call returns.                                                               since 1.0 */
static inline relais_str relais_json_finish(relais_json *json) {
  relais_str text = {NULL, 0};
  if (!json->error && (json->at.depth || !json->at.done)) relais_json_fail_(json, RELAIS_JSON_E_NESTING);
  if (json->error) return text;
  text.ptr = json->buffer;
  text.len = json->at.length;
  return text;
}

/* Goes back to an earlier state: `mark` is a copy of json->at taken since relais_json_start(). So an event that proves
 * too large, or bad, is taken out of the document again. An error stays an error.                            since 1.0 */
static inline void relais_json_rewind(relais_json *json, relais_json_mark mark) {
  if (mark.length > json->at.length) {
    relais_json_fail_(json, RELAIS_JSON_E_NESTING);
    return;
  }
  json->at = mark;
}

/* Starts the next document of the same call in the same memory: what finish() answered before is overwritten, so hand it
 * to relais_output.request() first. An error stays an error.                                                 since 1.0 */
static inline void relais_json_restart(relais_json *json) { memset(&json->at, 0, sizeof json->at); }

static inline void relais_json_begin_object(relais_json *json) { relais_json_begin_(json, '{', 1); }
static inline void relais_json_end_object(relais_json *json) { relais_json_end_(json, '}', 1); }
static inline void relais_json_begin_array(relais_json *json) { relais_json_begin_(json, '[', 0); }
static inline void relais_json_end_array(relais_json *json) { relais_json_end_(json, ']', 0); }

/* The key of the next value. That it is not written twice in one object is the caller's care.                since 1.0 */
static inline void relais_json_key(relais_json *json, relais_str key) {
  uint64_t bit;
  if (json->error) return;
  bit = json->at.depth ? (uint64_t)1 << (json->at.depth - 1) : 0;
  if (!(json->at.objects & bit) || json->at.keyed) {
    relais_json_fail_(json, RELAIS_JSON_E_NESTING);
    return;
  }
  if (json->at.filled & bit) relais_json_append_(json, ",", 1);
  json->at.filled |= bit;
  relais_json_quote_(json, key, 1);
  json->at.keyed = 1;
}

/* ---- Values ----------------------------------------------------------------------------------------------------- */

static inline void relais_json_null(relais_json *json) {
  if (relais_json_value_(json)) relais_json_append_(json, "null", 4);
}

/* A string; null when absent.                                                                                since 1.0 */
static inline void relais_json_string(relais_json *json, relais_str text) {
  if (!text.ptr) {
    relais_json_null(json);
    return;
  }
  if (relais_json_value_(json)) relais_json_quote_(json, text, 0);
}

static inline void relais_json_bool(relais_json *json, int value) {
  if (relais_json_value_(json)) relais_json_append_(json, value ? "true" : "false", value ? 4 : 5);
}

static inline void relais_json_int(relais_json *json, int64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
  if (!relais_json_value_(json)) return;
  do {
    digits[--at] = (char)('0' + (char)(rest % 10));
    rest /= 10;
  } while (rest);
  if (value < 0) digits[--at] = '-';
  relais_json_append_(json, digits + at, sizeof digits - at);
}

/* 1 when text is one JSON number (RFC 8259, section 6) and nothing else.                                     since 1.0 */
static inline int relais_json_is_number(relais_str text) {
  const char *p = text.ptr, *end;
  if (!p) return 0;
  end = p + text.len;
#define RELAIS_JSON_DIGIT_ (p < end && *p >= '0' && *p <= '9')
  if (p < end && *p == '-') p += 1;
  if (!RELAIS_JSON_DIGIT_) return 0;
  if (*p == '0') {
    p += 1;
  } else {
    while (RELAIS_JSON_DIGIT_) p += 1;
  }
  if (p < end && *p == '.') {
    p += 1;
    if (!RELAIS_JSON_DIGIT_) return 0;
    while (RELAIS_JSON_DIGIT_) p += 1;
  }
  if (p < end && (*p == 'e' || *p == 'E')) {
    p += 1;
    if (p < end && (*p == '+' || *p == '-')) p += 1;
    if (!RELAIS_JSON_DIGIT_) return 0;
    while (RELAIS_JSON_DIGIT_) p += 1;
  }
#undef RELAIS_JSON_DIGIT_
  return p == end;
}

/* A number with the sender's own digits; null when absent.                                                   since 1.0 */
static inline void relais_json_number(relais_json *json, relais_number number) {
  if (!number.text.ptr) {
    relais_json_null(json);
    return;
  }
  if (!relais_json_is_number(number.text)) {
    relais_json_fail_(json, RELAIS_JSON_E_NUMBER);
    return;
  }
  if (relais_json_value_(json)) relais_json_append_(json, number.text.ptr, number.text.len);
}

/* Text that is one valid JSON value already, unchanged; null when absent or empty. The caller answers for it: only what
 * the host gives as RELAIS_TYPE_JSON, or what another writer finished.                                       since 1.0 */
static inline void relais_json_raw(relais_json *json, relais_str text) {
  if (!text.ptr || !text.len) {
    relais_json_null(json);
    return;
  }
  if (relais_json_value_(json)) relais_json_append_(json, text.ptr, text.len);
}

/* The value of a parameter, by its type.                                                                     since 1.0 */
static inline void relais_json_param(relais_json *json, const relais_param *param) {
  switch (param->type) {
    case RELAIS_TYPE_NUMBER: relais_json_number(json, param->number); break;
    case RELAIS_TYPE_BOOL: relais_json_bool(json, param->number.value != 0); break;
    case RELAIS_TYPE_JSON: relais_json_raw(json, param->text); break;
    default: relais_json_string(json, param->text);
  }
}

/* ---- Members: key and value in one call; nothing at all when the value is absent ---------------------------------- */

static inline void relais_json_put_string(relais_json *json, relais_str key, relais_str text) {
  if (!text.ptr) return;
  relais_json_key(json, key);
  relais_json_string(json, text);
}

static inline void relais_json_put_number(relais_json *json, relais_str key, relais_number number) {
  if (!number.text.ptr) return;
  relais_json_key(json, key);
  relais_json_number(json, number);
}

static inline void relais_json_put_int(relais_json *json, relais_str key, int64_t value) {
  relais_json_key(json, key);
  relais_json_int(json, value);
}

static inline void relais_json_put_bool(relais_json *json, relais_str key, int value) {
  relais_json_key(json, key);
  relais_json_bool(json, value);
}

/* The parameter under its own key.                                                                           since 1.0 */
static inline void relais_json_put_param(relais_json *json, const relais_param *param) {
  relais_json_key(json, param->key);
  relais_json_param(json, param);
}

#ifdef __cplusplus
}
#endif

#endif
