/* The transport for what gtag.js sent: its own hit, forwarded to /g/collect. The wire is not
 * documented by Google; the rules here are those of gtag.js itself (build of February 2026).
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "../common/text.h"
#include "collect.h"

enum {
  LONGEST_GTAG_URL = 2048,  /* from here on gtag.js moves event parameters to the body */
  LONGEST_URL = 16 * 1024,  /* the host's limit */
  LARGEST_BODY = 130 * 1000,
  LONGEST_BATCH = 16384, /* gtag.js keeps batches below */
  MAX_HEADERS = 16
};

/* What a key of the wire means here. */
typedef struct wire_key {
  relais_str name;
  int section;
  int is_left_out; /* not for Google, or written by write_url */
} wire_key;

#define KEY(name, section, is_left_out) \
  { {name, sizeof(name) - 1}, section, is_left_out }

/* gtag.js's parameters of an event, and those a batch may share (a key that is not here belongs to
 * the request); personal data in any form, and what is meant for a server container only. Sorted by
 * length, because a hit has some fifty parameters and each is looked up. */
static const wire_key keys_of_1[] = {KEY("v", GA4_IN_REQUEST, 1)};
static const wire_key keys_of_2[] = {
    KEY("en", GA4_IN_EVENT, 0),  KEY("_c", GA4_IN_EVENT, 0),  KEY("dl", GA4_IN_SHARED, 0),
    KEY("dr", GA4_IN_SHARED, 0), KEY("dt", GA4_IN_SHARED, 0), KEY("dp", GA4_IN_SHARED, 0),
    KEY("cu", GA4_IN_SHARED, 0), KEY("cs", GA4_IN_SHARED, 0), KEY("cm", GA4_IN_SHARED, 0),
    KEY("cn", GA4_IN_SHARED, 0), KEY("cc", GA4_IN_SHARED, 0), KEY("ck", GA4_IN_SHARED, 0),
    KEY("ci", GA4_IN_SHARED, 0), KEY("em", GA4_IN_REQUEST, 1)};
static const wire_key keys_of_3[] = {
    KEY("sid", GA4_IN_SHARED, 0),  KEY("sct", GA4_IN_SHARED, 0),  KEY("seg", GA4_IN_SHARED, 0),
    KEY("uid", GA4_IN_SHARED, 0),  KEY("_tu", GA4_IN_SHARED, 0),  KEY("_et", GA4_IN_EVENT, 0),
    KEY("_ee", GA4_IN_EVENT, 0),   KEY("_fv", GA4_IN_EVENT, 0),   KEY("_ss", GA4_IN_EVENT, 0),
    KEY("tid", GA4_IN_REQUEST, 1), KEY("eme", GA4_IN_REQUEST, 1), KEY("emd", GA4_IN_REQUEST, 1)};
static const wire_key keys_of_4[] = {KEY("_nsi", GA4_IN_EVENT, 0), KEY("edid", GA4_IN_EVENT, 0),
                                     KEY("_dbg", GA4_IN_EVENT, 0), KEY("_uip", GA4_IN_REQUEST, 1)};
static const wire_key keys_of_5[] = {KEY("ecsid", GA4_IN_REQUEST, 1), KEY("_fplc", GA4_IN_REQUEST, 1)};
static const wire_key keys_of_10[] = {KEY("richsstsse", GA4_IN_REQUEST, 1)};

#define KEYS(keys) \
  { keys, sizeof keys / sizeof keys[0] }
static const struct {
  const wire_key *keys;
  size_t count;
} keys_by_length[] = {{NULL, 0},       KEYS(keys_of_1), KEYS(keys_of_2), KEYS(keys_of_3),
                      KEYS(keys_of_4), KEYS(keys_of_5), {NULL, 0},       {NULL, 0},
                      {NULL, 0},       {NULL, 0},       KEYS(keys_of_10)};

static const wire_key wire_prefixes[] = {
    KEY("ep.user_data.", GA4_IN_EVENT, 1), KEY("ep.", GA4_IN_EVENT, 0),
    KEY("epn.", GA4_IN_EVENT, 0),          KEY("up.", GA4_IN_EVENT, 0),
    KEY("upn.", GA4_IN_EVENT, 0),          KEY("gap.", GA4_IN_EVENT, 0),
    KEY("ext.", GA4_IN_EVENT, 0),          KEY("sst.", GA4_IN_REQUEST, 1)};

static const wire_key item_key = KEY("pr", GA4_IN_EVENT, 0);
static const wire_key unknown_key = KEY("", GA4_IN_REQUEST, 0);

static int is_item(relais_str key) {
  if (key.len < 3 || key.len > 5 || key.ptr[0] != 'p' || key.ptr[1] != 'r') return 0;
  for (size_t i = 2; i < key.len; i++) {
    if (key.ptr[i] < '0' || key.ptr[i] > '9') return 0;
  }
  return 1;
}

static int begins_with(relais_str key, relais_str name) {
  return name.len <= key.len && memcmp(name.ptr, key.ptr, name.len) == 0;
}

/* Most keys differ in their first or last byte, and to see that costs less than to call memcmp. */
static int is_key(relais_str key, relais_str name) {
  if (key.len != name.len || name.ptr[0] != key.ptr[0]) return 0;
  return name.ptr[name.len - 1] == key.ptr[key.len - 1] && begins_with(key, name);
}

static int has_dot(relais_str key) {
  return key.len > 3 && (key.ptr[2] == '.' || key.ptr[3] == '.');
}

/* key is not empty. */
static const wire_key *key_of(relais_str key) {
  if (key.len < sizeof keys_by_length / sizeof keys_by_length[0]) {
    const wire_key *keys = keys_by_length[key.len].keys;
    for (size_t i = 0; i < keys_by_length[key.len].count; i++) {
      if (is_key(key, keys[i].name)) return &keys[i];
    }
  }
  if (is_item(key)) return &item_key;
  if (!has_dot(key)) return &unknown_key;
  for (size_t i = 0; i < sizeof wire_prefixes / sizeof wire_prefixes[0]; i++) {
    if (begins_with(key, wire_prefixes[i].name)) return &wire_prefixes[i];
  }
  return &unknown_key;
}

static int is_false(relais_str value) {
  return ga4_blank(value) || ga4_is(value, "0") || ga4_is(value, "false");
}

/* A debug_mode that is off: its mere presence would turn debugging on. */
static int is_debug_off(relais_str key, relais_str value) {
  return (ga4_is(key, "ep.debug_mode") || ga4_is(key, "epn.debug_mode")) && is_false(value);
}

/* GA4 counts the purchases of one transaction_id as one, and so those that only lack theirs ("Minimize
 * duplicate key events with transaction IDs", support.google.com/analytics/answer/12313109). */
static int is_no_order(relais_str key, relais_str value) {
  return (ga4_is(key, "ep.transaction_id") || ga4_is(key, "epn.transaction_id")) &&
         id_is_placeholder(value);
}

int ga4_collect_lacks_order(const relais_event *event) {
  for (uint32_t i = 0; i < event->ga4.count; i++) {
    const relais_param *param = RELAIS_AT(event->ga4, relais_param, i);
    if (is_no_order(param->key, param->text)) return 1;
  }
  return 0;
}

static void write_pair(ga4_text *text, size_t start, relais_str key, relais_str value) {
  if (text->len > start) GA4_TEXT_LITERAL(text, "&");
  ga4_text_component(text, key);
  if (!value.ptr) return;
  GA4_TEXT_LITERAL(text, "=");
  ga4_text_component(text, value);
}

/* The number of the plugin's own parameter of that key; own_count: the wire's one stays. */
static uint32_t own_of(const ga4_hit *hit, relais_str key) {
  uint32_t i = 0;
  while (i < hit->own_count && !is_key(key, hit->own[i].key)) i++;
  return i;
}

static int is_left_out(const ga4_hit *hit, const wire_key *key, const relais_param *param) {
  if (key->is_left_out || is_debug_off(param->key, param->text)) return 1;
  if (is_no_order(param->key, param->text)) return 1;
  return hit->is_ping && !ga4_ping_keeps(hit, param->key);
}

/* Writes the parameters of the wanted sections, in the order of the wire. */
static void write_wire(ga4_text *text, const ga4_hit *hit, int wanted) {
  relais_list wire = hit->event->ga4;
  size_t start = text->len;
  uint32_t written = 0; /* a bit for each of the hit's own */
  for (uint32_t i = 0; i < wire.count; i++) {
    const relais_param *param = RELAIS_AT(wire, relais_param, i);
    if (ga4_blank(param->key)) continue;
    const wire_key *key = key_of(param->key);
    if (!(key->section & wanted)) continue;
    uint32_t own = own_of(hit, param->key);
    if (own == hit->own_count) {
      if (is_left_out(hit, key, param)) continue;
      write_pair(text, start, param->key, param->text);
    } else if (!(written >> own & 1)) {
      write_pair(text, start, param->key, hit->own[own].value);
      written |= UINT32_C(1) << own;
    }
  }
  for (uint32_t i = 0; i < hit->own_count; i++) {
    const ga4_own *own = &hit->own[i];
    if (!(written >> i & 1) && own->section & wanted) {
      write_pair(text, start, own->key, own->value);
    }
  }
}

int ga4_in_europe(const relais_instance *instance, const relais_event *event) {
  return instance->europe || ga4_is(ga4_find(event->ga4, "sst.gcsub"), "region1");
}

static void write_url(ga4_encoder *encoder, const ga4_hit *hit, int sections) {
  const relais_instance *instance = encoder->instance;
  ga4_text *url = &encoder->url;
  int europe = ga4_in_europe(instance, hit->event);
  const char *base = europe ? instance->europe_base : instance->global_base;
  url->len = 0;
  ga4_text_bytes(url, base, strlen(base));
  GA4_TEXT_LITERAL(url, "/g/collect?v=2&tid=");
  ga4_text_bytes(url, instance->measurement_id, strlen(instance->measurement_id));
  GA4_TEXT_LITERAL(url, "&");
  write_wire(url, hit, sections);
}

static void write_hit(ga4_encoder *encoder, const ga4_hit *hit) {
  encoder->body.len = 0;
  write_url(encoder, hit, GA4_IN_REQUEST | GA4_IN_SHARED | GA4_IN_EVENT);
  if (encoder->url.len <= LONGEST_GTAG_URL) return;
  int in_body = GA4_IN_EVENT;
  write_url(encoder, hit, GA4_IN_REQUEST | GA4_IN_SHARED);
  if (encoder->url.len > LONGEST_GTAG_URL) {
    in_body |= GA4_IN_SHARED;
    write_url(encoder, hit, GA4_IN_REQUEST);
  }
  write_wire(&encoder->body, hit, in_body);
}

/* The value of `em`; absent when there is none, or when the visitor refused that use. */
static relais_str user_data(ga4_encoder *encoder, const relais_event *event) {
  ga4_user_data data;
  size_t start = encoder->piece.len;
  if (!ga4_user_data_read(encoder, event, &data)) return (relais_str){NULL, 0};
  ga4_user_data_em(&encoder->piece, &data);
  return ga4_piece_since(encoder, start);
}

/* gtag.js tells the region beside a redacted address: "FR-IDF" or "FR". */
static relais_str region(ga4_encoder *encoder, const relais_event *event) {
  size_t start = encoder->piece.len;
  int has_region = !ga4_blank(ga4_find(event->ga4, "ur"));
  if (has_region || !ga4_blank(event->ip_override) || ga4_blank(event->geo_country)) {
    return (relais_str){NULL, 0};
  }
  ga4_text_str(&encoder->piece, event->geo_country);
  if (!ga4_blank(event->geo_region)) {
    GA4_TEXT_LITERAL(&encoder->piece, "-");
    ga4_text_str(&encoder->piece, event->geo_region);
  }
  return ga4_piece_since(encoder, start);
}

static relais_str debug(const relais_event *event) {
  relais_list wire = event->ga4;
  int is_on = !is_false(ga4_find(wire, "_dbg")) || !is_false(ga4_find(wire, "ep.debug_mode")) ||
              !is_false(ga4_find(wire, "epn.debug_mode"));
  int is_wanted = (event->flags & RELAIS_EVENT_TEST) && !is_on;
  return is_wanted ? RELAIS_STR("1") : (relais_str){NULL, 0};
}

static relais_str first_filled(relais_str a, relais_str b, relais_str c) {
  if (!ga4_blank(a)) return a;
  return ga4_blank(b) ? c : b;
}

static void read_hit(ga4_encoder *encoder, ga4_hit *hit) {
  const relais_event *event = hit->event;
  const relais_str none = {NULL, 0};
  encoder->piece.len = 0;
  if (event->flags & RELAIS_EVENT_PING) {
    ga4_ping_set(encoder, hit);
  } else {
    ga4_set(hit, RELAIS_STR("cid"),
            first_filled(event->client_id, ga4_find(event->ga4, "cid"), none), GA4_IN_REQUEST);
    ga4_set(hit, RELAIS_STR("em"), user_data(encoder, event), GA4_IN_REQUEST);
  }
  ga4_set(hit, RELAIS_STR("ur"), region(encoder, event), GA4_IN_REQUEST);
  /* Without any address Google would take the relay's own. */
  ga4_set(hit, RELAIS_STR("_uip"), first_filled(event->ip_override, RELAIS_STR("::"), none),
          GA4_IN_REQUEST);
  ga4_set(hit, RELAIS_STR("en"),
          first_filled(event->send_as, ga4_find(event->ga4, "en"), event->event_name),
          GA4_IN_EVENT);
  ga4_set(hit, RELAIS_STR("_dbg"), debug(event), GA4_IN_EVENT);
}

/* A field value by RFC 9110 5.5, but no control character of any kind. */
static int is_header_value(relais_str value) {
  if (ga4_blank(value)) return 0;
  for (size_t i = 0; i < value.len; i++) {
    unsigned char c = (unsigned char)value.ptr[i];
    if (c < 0x20 || c == 0x7F) return 0;
  }
  return 1;
}

static int is_hint_name(relais_str name) {
  if (!ga4_has_prefix(name, "sec-ch-ua") || name.len > 64) return 0;
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    if (!(c >= 'a' && c <= 'z') && c != '-' && !(c >= '0' && c <= '9')) return 0;
  }
  return 1;
}

static uint32_t write_headers(const relais_event *event, int has_body, relais_header *headers) {
  uint32_t count = 0;
  if (has_body) {
    headers[count++] =
        (relais_header){RELAIS_STR("Content-Type"), RELAIS_STR("text/plain;charset=UTF-8")};
  }
  if (is_header_value(event->user_agent)) {
    headers[count++] = (relais_header){RELAIS_STR("User-Agent"), event->user_agent};
  }
  for (uint32_t i = 0; i < event->client_hints.count && count < MAX_HEADERS; i++) {
    const relais_param *hint = RELAIS_AT(event->client_hints, relais_param, i);
    if (!is_hint_name(hint->key) || !is_header_value(hint->text)) continue;
    headers[count++] = (relais_header){hint->key, hint->text};
  }
  return count;
}

static relais_status send(ga4_encoder *encoder, const uint32_t *members, uint32_t count) {
  const relais_event *event = ga4_event(encoder, members[0]);
  int is_ping = (event->flags & RELAIS_EVENT_PING) != 0;
  relais_header headers[MAX_HEADERS];
  uint32_t header_count = write_headers(event, encoder->body.len > 0, headers);
  relais_request request = {
      .struct_size = sizeof request,
      .method = RELAIS_STR("POST"),
      .url = {encoder->url.ptr, encoder->url.len},
      .headers = {headers, header_count, sizeof headers[0]},
      .body = {encoder->body.len ? encoder->body.ptr : NULL, encoder->body.len},
      .events = {members, count, sizeof *members},
      .note = is_ping ? RELAIS_STR("g_collect:ping") : RELAIS_STR("g_collect:gtag_hit"),
  };
  return encoder->output->request(encoder->output->ctx, &request);
}

static relais_status collect_one(ga4_encoder *encoder, uint32_t index) {
  ga4_hit hit = {.event = ga4_event(encoder, index)};
  read_hit(encoder, &hit);
  write_hit(encoder, &hit);
  if (encoder->url.failed || encoder->body.failed || encoder->piece.failed) return RELAIS_E_NOMEM;
  if (encoder->url.len > LONGEST_URL || encoder->body.len > LARGEST_BODY) {
    return ga4_reject(encoder, index, RELAIS_STR("event_too_large"),
                      RELAIS_STR("the hit is larger than a request to /g/collect may be"));
  }
  return send(encoder, &index, 1);
}

/* ---- The lines of one batch of gtag.js, together again --------------------------------------- */

static int same_texts(relais_list a, relais_list b) {
  if (a.count != b.count) return 0;
  for (uint32_t i = 0; i < a.count; i++) {
    const relais_param *x = RELAIS_AT(a, relais_param, i), *y = RELAIS_AT(b, relais_param, i);
    if (!ga4_equal(x->key, y->key) || !ga4_equal(x->text, y->text)) return 0;
  }
  return 1;
}

/* The next parameter of the request, from *at on; NULL at the end. */
static const relais_param *next_of_request(relais_list wire, uint32_t *at) {
  while (*at < wire.count) {
    const relais_param *param = RELAIS_AT(wire, relais_param, (*at)++);
    if (!ga4_blank(param->key) && key_of(param->key)->section == GA4_IN_REQUEST) return param;
  }
  return NULL;
}

static int same_request(relais_list a, relais_list b) {
  uint32_t at_a = 0, at_b = 0;
  for (;;) {
    const relais_param *x = next_of_request(a, &at_a), *y = next_of_request(b, &at_b);
    if (!x || !y) return x == y;
    if (!ga4_equal(x->key, y->key) || !ga4_equal(x->text, y->text)) return 0;
  }
}

int ga4_collect_agree(const relais_event *a, const relais_event *b) {
  if (a->received_micros != b->received_micros || a->flags != b->flags) return 0;
  return ga4_equal(a->client_id, b->client_id) && ga4_equal(a->ip_override, b->ip_override) &&
         ga4_equal(a->user_agent, b->user_agent) && ga4_equal(a->geo_country, b->geo_country) &&
         ga4_equal(a->geo_region, b->geo_region) && same_texts(a->client_hints, b->client_hints) &&
         same_texts(a->consent, b->consent) && ga4_same_identifiers(a->user_data, b->user_data) &&
         same_request(a->ga4, b->ga4);
}

/* The query of a batch, of what its events share by necessity. */
static void begin_lines(ga4_encoder *encoder, uint32_t index) {
  ga4_hit hit = {.event = ga4_event(encoder, index)};
  read_hit(encoder, &hit);
  write_url(encoder, &hit, GA4_IN_REQUEST);
  encoder->body.len = 0;
}

/* Adds the event's line; 0: it makes the body as long as gtag.js makes none, and is taken back. */
static int add_line(ga4_encoder *encoder, uint32_t index) {
  ga4_text *body = &encoder->body;
  ga4_hit hit = {.event = ga4_event(encoder, index)};
  size_t before = body->len;
  read_hit(encoder, &hit);
  if (before) GA4_TEXT_LITERAL(body, "\r\n");
  write_wire(body, &hit, GA4_IN_SHARED | GA4_IN_EVENT);
  if (body->len < LONGEST_BATCH) return 1;
  body->len = before;
  return 0;
}

relais_status ga4_collect(ga4_encoder *encoder, uint32_t first, const uint32_t *next) {
  uint32_t members[GA4_MOST_HITS], count = 0;
  relais_status status = RELAIS_OK;
  if (next[first] == GA4_END) return collect_one(encoder, first);
  for (uint32_t i = first; i != GA4_END && status == RELAIS_OK;) {
    if (count == 0) begin_lines(encoder, i);
    int is_added = count < GA4_MOST_HITS && add_line(encoder, i);
    if (encoder->url.failed || encoder->body.failed || encoder->piece.failed) return RELAIS_E_NOMEM;
    if (is_added) {
      members[count++] = i;
      i = next[i];
    } else if (count) {
      status = send(encoder, members, count);
      count = 0;
    } else {
      status = collect_one(encoder, i);
      i = next[i];
    }
  }
  return status == RELAIS_OK && count ? send(encoder, members, count) : status;
}
