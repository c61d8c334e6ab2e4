#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

uint32_t relais_fuzz_next(relais_fuzz *fuzz, uint32_t below) {
  uint64_t mixed = fuzz->random += 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
  return below ? (uint32_t)((mixed ^ mixed >> 31) % below) : 0;
}

/* Makes room for `count` bytes at `at`; the new length. */
static size_t open_gap(uint8_t *bytes, size_t length, size_t at, size_t count) {
  memmove(bytes + at + count, bytes + at, length - at);
  return length + count;
}

static size_t remove_part(relais_fuzz *fuzz, uint8_t *bytes, size_t length) {
  size_t at = relais_fuzz_next(fuzz, (uint32_t)length);
  size_t most = relais_fuzz_next(fuzz, 4) ? 16 : length;
  size_t count = 1 + relais_fuzz_next(fuzz, (uint32_t)most);
  if (count > length - at) count = length - at;
  memmove(bytes + at, bytes + at + count, length - at - count);
  return length - count;
}

static size_t insert(relais_fuzz *fuzz, uint8_t *bytes, size_t length, size_t capacity,
                     fuzz_bytes part) {
  size_t at = relais_fuzz_next(fuzz, (uint32_t)length + 1);
  if (part.length > capacity - length) return length;
  length = open_gap(bytes, length, at, part.length);
  memcpy(bytes + at, part.bytes, part.length);
  return length;
}

static void overwrite(relais_fuzz *fuzz, uint8_t *bytes, size_t length, fuzz_bytes part) {
  size_t at = relais_fuzz_next(fuzz, (uint32_t)length);
  size_t count = part.length < length - at ? part.length : length - at;
  memcpy(bytes + at, part.bytes, count);
}

/* A part of the input itself, or of another one. */
static fuzz_bytes some_part(relais_fuzz *fuzz, const uint8_t *bytes, size_t length) {
  fuzz_bytes from = {(uint8_t *)bytes, length};
  if (fuzz->input_count && relais_fuzz_next(fuzz, 2))
    from = fuzz->inputs[relais_fuzz_next(fuzz, (uint32_t)fuzz->input_count)];
  if (!from.length) return from;
  size_t at = relais_fuzz_next(fuzz, (uint32_t)from.length);
  size_t most = relais_fuzz_next(fuzz, 4) ? 64 : 4096;
  size_t count = 1 + relais_fuzz_next(fuzz, (uint32_t)most);
  if (count > from.length - at) count = from.length - at;
  memcpy(fuzz->scratch, from.bytes + at, count);
  return (fuzz_bytes){fuzz->scratch, count};
}

static fuzz_bytes some_word(relais_fuzz *fuzz) {
  static const char *const words[] = {
      "", "\0", "\xff", "\xc3", "\xed\xa0\x80", "\xf0\x9f\x98\x80", "\xef\xbb\xbf", "\\u",
      "\\ud800", "\\u0000", "\"", "\\", "{", "}", "[", "]", ":", ",", "null", "true", "-0", "1e999",
      "-1e-999", "0.1e", "9223372036854775808", "18446744073709551616", "%00", "%", "%zz", "&", "=",
      "~", "\r\n", "\n\n", "../", "1e308", "4294967295", "2147483648", "NaN", "Infinity", "  "};
  uint32_t count = sizeof words / sizeof *words;
  uint32_t all = count + (uint32_t)fuzz->word_count;
  uint32_t choice = relais_fuzz_next(fuzz, all);
  if (choice >= count) return fuzz->words[choice - count];
  size_t length = choice == 1 ? 1 : strlen(words[choice]);
  return (fuzz_bytes){(uint8_t *)words[choice], length};
}

static void change_integer(relais_fuzz *fuzz, uint8_t *bytes, size_t length) {
  static const uint64_t values[] = {0,          1,          0x7F,       0x80,        0xFF,
                                    0x7FFF,     0xFFFF,     0x7FFFFFFF, 0x80000000u, 0xFFFFFFFFu,
                                    0xFFFFFFF0, INT64_MAX,  UINT64_MAX, 64 << 20,    24};
  size_t size = (size_t)1 << relais_fuzz_next(fuzz, 4);
  if (size > length) size = 1;
  size_t at = relais_fuzz_next(fuzz, (uint32_t)(length - size + 1));
  uint64_t value = 0;
  memcpy(&value, bytes + at, size);
  if (relais_fuzz_next(fuzz, 2)) {
    value += (uint64_t)relais_fuzz_next(fuzz, 64) - 32;
  } else {
    value = values[relais_fuzz_next(fuzz, sizeof values / sizeof *values)];
  }
  memcpy(bytes + at, &value, size);
}

/* The same part many times over: depth, lists and quadratic costs. */
static size_t repeat(relais_fuzz *fuzz, uint8_t *bytes, size_t length, size_t capacity) {
  fuzz_bytes part = relais_fuzz_next(fuzz, 2) ? some_word(fuzz) : some_part(fuzz, bytes, length);
  if (!part.length || part.length > 64) return length;
  size_t at = relais_fuzz_next(fuzz, (uint32_t)length + 1);
  size_t most = relais_fuzz_next(fuzz, 8) ? 128 : 16384;
  size_t count = 1 + relais_fuzz_next(fuzz, (uint32_t)most);
  if (count > (capacity - length) / part.length) count = (capacity - length) / part.length;
  length = open_gap(bytes, length, at, count * part.length);
  for (size_t i = 0; i < count; i++) memcpy(bytes + at + i * part.length, part.bytes, part.length);
  return length;
}

static size_t mutate_once(relais_fuzz *fuzz, uint8_t *bytes, size_t length, size_t capacity) {
  uint32_t choice = relais_fuzz_next(fuzz, 16);
  size_t at = relais_fuzz_next(fuzz, (uint32_t)length);
  if (!length) choice = 12;
  switch (choice) {
    case 0:
    case 1: bytes[at] = (uint8_t)relais_fuzz_next(fuzz, 256); return length;
    case 2: bytes[at] ^= (uint8_t)(1 << relais_fuzz_next(fuzz, 8)); return length;
    case 3:
    case 4:
    case 5: change_integer(fuzz, bytes, length); return length;
    case 6:
    case 7: return remove_part(fuzz, bytes, length);
    case 8:
    case 9: return insert(fuzz, bytes, length, capacity, some_part(fuzz, bytes, length));
    case 10: overwrite(fuzz, bytes, length, some_part(fuzz, bytes, length)); return length;
    case 11: overwrite(fuzz, bytes, length, some_word(fuzz)); return length;
    case 12:
    case 13:
    case 14: return insert(fuzz, bytes, length, capacity, some_word(fuzz));
    default: return repeat(fuzz, bytes, length, capacity);
  }
}

size_t relais_fuzz_mutate_bytes(relais_fuzz *fuzz, uint8_t *bytes, size_t length, size_t capacity) {
  uint32_t most = 1 + relais_fuzz_next(fuzz, 8);
  for (uint32_t changes = 1 + relais_fuzz_next(fuzz, most); changes; changes--)
    length = mutate_once(fuzz, bytes, length, capacity);
  return length;
}

static int is_word_byte(uint8_t byte) {
  return isalnum(byte) || byte == '_' || byte == '-' || byte == '.' || byte >= 0x80;
}

static void add_word(relais_fuzz *fuzz, const uint8_t *bytes, size_t length) {
  if (length < 2 || length > FUZZ_WORD_LENGTH || fuzz->word_count == FUZZ_WORDS) return;
  for (size_t i = 0; i < fuzz->word_count; i++)
    if (fuzz->words[i].length == length && memcmp(fuzz->words[i].bytes, bytes, length) == 0) return;
  uint8_t *copy = malloc(length);
  if (!copy) return;
  memcpy(copy, bytes, length);
  fuzz->words[fuzz->word_count++] = (fuzz_bytes){copy, length};
}

void relais_fuzz_add_words(relais_fuzz *fuzz, const uint8_t *bytes, size_t length) {
  size_t start = 0;
  for (size_t i = 0; i <= length; i++) {
    if (i < length && is_word_byte(bytes[i])) continue;
    add_word(fuzz, bytes + start, i - start);
    start = i + 1;
  }
}
