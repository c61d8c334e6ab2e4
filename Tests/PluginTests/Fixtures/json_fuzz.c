/* Writes random documents with relais/json.h and reads them back with jansson; then random calls in
 * random order. Arguments: seed, rounds. */
#include <relais/jansson.h>
#include <stdio.h>

static uint64_t state;
static void *blocks[4096];
static size_t block_count, block_limit;

static uint32_t next(uint32_t below) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33) % below;
}

static void *take(void *ctx, size_t size, size_t align) {
  (void)ctx;
  (void)align;
  if (block_count >= block_limit) return NULL;
  void *block = malloc(size);
  blocks[block_count++] = block;
  return block;
}

static void drop_blocks(void) {
  while (block_count) free(blocks[--block_count]);
}

/* The length of the sequence at p by decoding it, 0 when it is none; *part: the bytes one U+FFFD
 * stands for. */
static size_t decode(const unsigned char *p, size_t n, size_t *part) {
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  uint32_t code;
  size_t need, i;
  *part = 1;
  if (p[0] < 0x80) return 1;
  if (p[0] < 0xc0 || p[0] > 0xf7) return 0;
  need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
  code = p[0] & (0x7fu >> need);
  for (i = 1; i < need; i++) {
    if (i >= n || (p[i] & 0xc0) != 0x80) return 0;
    code = code << 6 | (p[i] & 0x3f);
    uint32_t low = code << (6 * (need - 1 - i)), high = low | ((1u << (6 * (need - 1 - i))) - 1);
    if (high < smallest[need] || low > 0x10ffff || (low >= 0xd800 && high <= 0xdfff)) return 0;
    *part = i + 1;
  }
  *part = 1;
  return need;
}

static json_t *expected_string(const unsigned char *p, size_t n) {
  char out[1024];
  size_t at = 0, i = 0, part;
  while (i < n) {
    size_t length = decode(p + i, n - i, &part);
    if (length) {
      memcpy(out + at, p + i, length);
      at += length;
      i += length;
    } else {
      memcpy(out + at, "\xef\xbf\xbd", 3);
      at += 3;
      i += part;
    }
  }
  return json_stringn(out, at);
}

static size_t random_text(unsigned char *out, int any) {
  static const char *const pieces[] = {
      "\"", "\\", "\n", "\x01", "\x1f", "\x7f", "é", "漢", "😀", "\xc3", "\xe6\xbc",
      "\xf0\x9f\x98", "\xed\xa0\x80", "\xc0\xaf", "\xff", "\xf4\x90\x80\x80", "\xe0\x80\x80",
      "plain text", "a"};
  size_t at = 0, count = next(24);
  while (count-- && at < 200) {
    if (any && next(3) == 0) {
      out[at++] = (unsigned char)next(256);
    } else {
      const char *piece = pieces[next(sizeof pieces / sizeof *pieces)];
      memcpy(out + at, piece, strlen(piece));
      at += strlen(piece);
    }
  }
  return at;
}

static json_t *write_value(relais_json *json, int depth);

static json_t *write_text(relais_json *json, int as_key) {
  unsigned char bytes[512], *exact;
  size_t n = random_text(bytes, 1);
  /* jansson has no NUL in keys */
  for (size_t i = 0; as_key && i < n; i++) bytes[i] |= bytes[i] ? 0 : 'k';
  exact = malloc(n ? n : 1);
  memcpy(exact, bytes, n);
  json_t *expected = expected_string(exact, n);
  relais_str text = {(const char *)exact, n};
  if (as_key) {
    relais_json_key(json, text);
  } else {
    relais_json_string(json, text);
  }
  free(exact);
  return expected;
}

static json_t *write_container(relais_json *json, int depth) {
  uint32_t count = next(6), object = next(2);
  json_t *expected = object ? json_object() : json_array();
  object ? relais_json_begin_object(json) : relais_json_begin_array(json);
  while (count--) {
    relais_json_mark mark = json->at;
    json_t *key = object ? write_text(json, 1) : NULL, *value = write_value(json, depth + 1);
    int repeated =
        object && json_object_getn(expected, json_string_value(key), json_string_length(key));
    if (repeated || next(4) == 0) {
      relais_json_rewind(json, mark);
      json_decref(value);
    } else if (object) {
      json_object_setn_new(expected, json_string_value(key), json_string_length(key), value);
    } else {
      json_array_append_new(expected, value);
    }
    json_decref(key);
  }
  object ? relais_json_end_object(json) : relais_json_end_array(json);
  return expected;
}

static json_t *write_value(relais_json *json, int depth) {
  static const char *const numbers[] = {"0", "-0.5", "129.90", "1e3", "2E-2", "10.00"};
  static const char *const bad[] = {"", "-", "01", "1.", ".5", "1e", "+1", "NaN", "1 ", "0x1",
                                    "1e+"};
  int64_t integer;
  const char *text;
  uint32_t choice = next(depth < 6 ? 7 : 5);
  switch (choice) {
    case 0: return write_text(json, 0);
    case 1:
      integer = next(4) ? (int64_t)(state >> next(64)) : INT64_MIN + next(2);
      relais_json_int(json, integer);
      return json_integer(integer);
    case 2:
      text = numbers[next(sizeof numbers / sizeof *numbers)];
      for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (relais_json_is_number((relais_str){bad[i], strlen(bad[i])})) abort();
      relais_json_number(json, (relais_number){0, {text, strlen(text)}});
      return json_loads(text, JSON_DECODE_ANY, NULL);
    case 3: relais_json_bool(json, depth & 1); return json_boolean(depth & 1);
    case 4: relais_json_null(json); return json_null();
    default: return write_container(json, depth);
  }
}

static void call_anything(relais_json *json, relais_json_mark *mark) {
  relais_param param = {.key = RELAIS_STR("k"), .type = (int32_t)next(6),
                        .text = RELAIS_STR("[1]")};
  switch (next(12)) {
    case 0: relais_json_begin_object(json); break;
    case 1: relais_json_end_object(json); break;
    case 2: relais_json_begin_array(json); break;
    case 3: relais_json_end_array(json); break;
    case 4: relais_json_key(json, RELAIS_STR("key")); break;
    case 5: relais_json_put_param(json, &param); break;
    case 6: relais_json_put_string(json, RELAIS_STR("s"), (relais_str){NULL, 0}); break;
    case 7: relais_json_put_bool(json, RELAIS_STR("b"), 1); break;
    case 8: *mark = json->at; break;
    case 9: relais_json_rewind(json, *mark); break;
    case 10: relais_json_raw(json, RELAIS_STR("{}")); break;
    default: relais_json_put_int(json, RELAIS_STR("i"), -1);
  }
}

int main(int argc, char **argv) {
  relais_call call = {.struct_size = sizeof call, .alloc = take};
  unsigned rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 1000;
  unsigned finished = 0;
  state = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  for (unsigned round = 0; round < rounds; round++) {
    relais_json json;
    block_limit = next(8) ? 4096 : next(6);
    relais_json_start(&json, &call, next(2) ? next(4096) : 0);
    json_t *expected = write_container(&json, 0);
    relais_str text = relais_json_finish(&json);
    if (text.ptr) {
      json_error_t error;
      json_t *read = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES,
                                &error);
      if (!read || !json_equal(read, expected)) {
        fprintf(stderr, "round %u: %s\n%.*s\n", round, read ? "another value" : error.text,
                (int)text.len, text.ptr);
        return 1;
      }
      json_decref(read);
      finished += 1;
    } else if (json.error != RELAIS_JSON_E_NOMEM || block_limit == 4096) {
      fprintf(stderr, "round %u: error %u\n", round, json.error);
      return 1;
    }
    json_decref(expected);
    drop_blocks();

    relais_json_mark mark = {0};
    relais_json_start(&json, &call, 0);
    for (unsigned i = next(40); i; i--) call_anything(&json, &mark);
    text = relais_json_finish(&json);
    if (text.ptr) {
      json_t *read = json_loadb(text.ptr, text.len, JSON_DECODE_ANY, NULL);
      if (!read) {
        fprintf(stderr, "round %u: any calls gave %.*s\n", round, (int)text.len, text.ptr);
        return 1;
      }
      json_decref(read);
    }
    relais_json_start(&json, &call, 0);
    for (int i = 0; i <= RELAIS_JSON_MAX_DEPTH; i++) relais_json_begin_array(&json);
    if (block_limit == 4096 && json.error != RELAIS_JSON_E_DEPTH) return 1;
    drop_blocks();
  }
  printf("%u of %u documents finished\n", finished, rounds);
  return finished > rounds / 2 ? 0 : 1;
}
