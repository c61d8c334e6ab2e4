#include "tree.h"

#include <string.h>

enum { PLACES = 2048, TEXT = 8192 };

/* A value and where it hangs: in an array, or in an object under a key. */
typedef struct place {
  json_t *parent, *value;
  const char *key;
  size_t index;
} place;

static size_t collect(json_t *value, place *places, size_t count) {
  const char *key;
  json_t *child;
  size_t index;
  json_object_foreach(value, key, child) {
    if (count == PLACES) return count;
    places[count++] = (place){value, child, key, 0};
    count = collect(child, places, count);
  }
  json_array_foreach(value, index, child) {
    if (count == PLACES) return count;
    places[count++] = (place){value, child, NULL, index};
    count = collect(child, places, count);
  }
  return count;
}

/* Takes the reference to `value`. */
static void put(const place *at, json_t *value) {
  if (!value) return;
  if (at->key) {
    json_object_set_new(at->parent, at->key, value);
  } else {
    json_array_set_new(at->parent, at->index, value);
  }
}

static void take_away(const place *at) {
  if (at->key) {
    json_object_del(at->parent, at->key);
  } else {
    json_array_remove(at->parent, at->index);
  }
}

/* Another text; NULL when the bytes came out as no UTF-8. */
static json_t *changed_text(relais_fuzz *fuzz, const json_t *value) {
  static uint8_t bytes[TEXT];
  size_t length = json_string_length(value) < TEXT / 2 ? json_string_length(value) : TEXT / 2;
  memcpy(bytes, json_string_value(value), length);
  length = relais_fuzz_mutate_bytes(fuzz, bytes, length, TEXT);
  return json_stringn((const char *)bytes, length);
}

static json_t *some_number(relais_fuzz *fuzz) {
  static const double reals[] = {0.1,    -0.0,  1e308, -1e308,
                                 5e-324, 129.9, 1e21,  0.30000000000000004};
  static const json_int_t integers[] = {0,         1,          -1,          INT64_MAX,
                                        INT64_MIN, 4294967296, -2147483649, 1700000000000000};
  uint32_t choice = relais_fuzz_next(fuzz, 8);
  return relais_fuzz_next(fuzz, 2) ? json_real(reals[choice]) : json_integer(integers[choice]);
}

static json_t *exact_number(relais_fuzz *fuzz) {
  static const char *const texts[] = {"10.00", "1e400", "-0", "0.0000001",
                                      "123456789012345678901234567890", "1E+2",
                                      "99999999999999999999.99"};
  return json_pack("{s:s}", "$number", texts[relais_fuzz_next(fuzz, sizeof texts / sizeof *texts)]);
}

static json_t *repeated(const json_t *value, size_t count) {
  json_t *list = json_array();
  while (count--) json_array_append_new(list, json_deep_copy(value));
  return list;
}

void fuzz_change_tree(relais_fuzz *fuzz, json_t *root) {
  static place places[PLACES];
  size_t count = collect(root, places, 0);
  if (!count) return;
  const place *at = &places[relais_fuzz_next(fuzz, (uint32_t)count)];
  uint32_t most = relais_fuzz_next(fuzz, 16) ? 4 : 300;
  const place *other = &places[relais_fuzz_next(fuzz, (uint32_t)count)];
  switch (relais_fuzz_next(fuzz, 12)) {
    case 0: take_away(at); return;
    case 1: put(at, json_deep_copy(other->value)); return;
    case 2: put(at, some_number(fuzz)); return;
    case 3: put(at, exact_number(fuzz)); return;
    case 4: put(at, relais_fuzz_next(fuzz, 2) ? json_string("") : json_true()); return;
    case 5:
      if (json_is_array(at->parent)) json_array_append_new(at->parent, json_deep_copy(at->value));
      return;
    case 6:
      if (at->key && other->key)
        json_object_set_new(at->parent, other->key, json_deep_copy(other->value));
      return;
    case 7: put(at, repeated(at->value, 1 + relais_fuzz_next(fuzz, most))); return;
    default:
      if (json_is_string(at->value)) put(at, changed_text(fuzz, at->value));
  }
}
