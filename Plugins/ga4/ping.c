/* Without consent: the hit of gtag.js as a ping of consent mode, which carries no id that outlives
 * the page. What gtag.js itself leaves out without consent was read in its build of February 2026;
 * gcs, gcd, npa and dma_cps say what the relay's plan decided, whatever the wire said.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collect.h"

/* ---- Which parameters a ping has ------------------------------------------------------------- */

/* In a ping as they came. What is not here is left out, because nobody knows whom it identifies. */
static const char *const kept_keys[] = {
    "v",    "tid",  "gtm",  "_p",   "gcs",  "gcd",   "npa",  "dma",  "dma_cps", "tcfd", "pscdl", "gtm_up",
    "cid",  "ul",   "sr",   "vp",   "lps",  "ir",    "frm",  "tt",   "uaa",     "uab",  "uafvl", "uamb",
    "uam",  "uap",  "uapv", "uaw",  "ur",   "_uip",  "_ng",  "_geo", "_rdi",    "ngs",  "ni",    "gdid",
    "edid", "_s",   "sid",  "sct",  "seg",  "dl",    "dr",   "dt",   "dp",      "cu",   "cs",    "cm",
    "cn",   "cc",   "ck",   "ci",   "en",   "_et",   "_ee",  "_c",   "_dbg",    "_tu",  "_eu",   "tfd",
    "tag_exp", NULL};

/* Parameters of the site that by their names are ids, after "ep." or "epn.". */
static const char *const id_params[] = {"user_id",       "client_id",   "session_id",
                                        "ga_session_id", "external_id", NULL};

/* What gtag.js writes where it may keep cookies; without consent it begins anew with every page. */
static const char *const session_starts[] = {"_fv", "_nsi", "_ss", NULL};

static int is_listed(relais_str name, const char *const *list) {
  while (*list && !ga4_is(name, *list)) list++;
  return *list != NULL;
}

static relais_str after(relais_str key, size_t count) {
  return (relais_str){key.ptr + count, key.len - count};
}

static int is_item(relais_str key) {
  if (!ga4_has_prefix(key, "pr") || key.len < 3) return 0;
  for (size_t i = 2; i < key.len; i++) {
    if (key.ptr[i] < '0' || key.ptr[i] > '9') return 0;
  }
  return 1;
}

int ga4_ping_keeps(const ga4_hit *hit, relais_str key) {
  if (ga4_has_prefix(key, "epn.")) return !is_listed(after(key, 4), id_params);
  if (ga4_has_prefix(key, "ep.")) {
    return !ga4_has_prefix(key, "ep.ga_temp_") && !is_listed(after(key, 3), id_params);
  }
  if (is_item(key)) return 1;
  return is_listed(key, kept_keys) || (hit->has_page_ids && is_listed(key, session_starts));
}

/* ---- Consent --------------------------------------------------------------------------------- */

enum { UNSET = 0, DENIED = 2, GRANTED = 3, PURPOSES = 4, FLAGS = 9, LONGEST_DIGEST = 16 };

static const char *const purposes[PURPOSES] = {"ad_storage", "analytics_storage", "ad_user_data",
                                               "ad_personalization"};

static const char sextets[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

static int sextet(char c) {
  const char *at = c ? strchr(sextets, c) : NULL;
  return at ? (int)(at - sextets) : -1;
}

/* `1`, two characters a purpose, flags, and in newer builds two more. */
static int is_digest(relais_str digest) {
  if (!digest.ptr || digest.len <= FLAGS || digest.len > LONGEST_DIGEST) return 0;
  for (size_t i = 0; i < digest.len; i++) {
    if (sextet(digest.ptr[i]) < 0) return 0;
  }
  return digest.ptr[0] == '1';
}

/* What was declared, set by default or chosen; the choice counts first. */
static int stated(int pair) {
  for (int shift = 0; shift <= 4; shift += 2) {
    int state = pair >> shift & 3;
    if (state == DENIED || state == GRANTED) return state;
  }
  return UNSET;
}

static int counts_as(int implicit, int pair) {
  int state = stated(pair);
  if (state != UNSET || implicit >> 2) return state; /* a delegated state is nobody's word */
  return implicit & 3;
}

static int is_granted(const relais_event *event, int purpose) {
  return ga4_is(ga4_consent(event, purposes[purpose]), "granted");
}

/* The wire's digest where it agrees with the plan; `t` granted and `p` denied by default where it
 * does not. */
static relais_str write_digest(ga4_encoder *encoder, const relais_event *event) {
  char digest[LONGEST_DIGEST];
  relais_str wire = ga4_find(event->ga4, "gcd");
  if (!is_digest(wire)) wire = RELAIS_STR("13t3t3t3t5l1");
  memcpy(digest, wire.ptr, wire.len);
  for (int i = 0; i < PURPOSES; i++) {
    char *implicit = &digest[1 + 2 * i], *pair = implicit + 1;
    int granted = is_granted(event, i);
    if (counts_as(sextet(*implicit), sextet(*pair)) == (granted ? GRANTED : DENIED)) continue;
    *implicit = sextets[sextet(*implicit) & 3];
    *pair = granted ? 't' : 'p';
  }
  digest[FLAGS] = sextets[sextet(digest[FLAGS]) | 4]; /* consent mode is active */
  size_t start = encoder->piece.len;
  ga4_text_bytes(&encoder->piece, digest, wire.len);
  return ga4_piece_since(encoder, start);
}

static relais_str write_states(const relais_event *event) {
  static const relais_str states[] = {RELAIS_STR("G100"), RELAIS_STR("G101"), RELAIS_STR("G110"),
                                      RELAIS_STR("G111")};
  return states[2 * is_granted(event, 0) + is_granted(event, 1)];
}

static void set_consent(ga4_encoder *encoder, ga4_hit *hit) {
  const relais_event *event = hit->event;
  relais_list wire = event->ga4;
  ga4_set(hit, RELAIS_STR("gcs"), write_states(event), GA4_IN_REQUEST);
  ga4_set(hit, RELAIS_STR("gcd"), write_digest(encoder, event), GA4_IN_REQUEST);
  if (!is_granted(event, 3)) ga4_set(hit, RELAIS_STR("npa"), RELAIS_STR("1"), GA4_IN_REQUEST);
  int has_platforms = ga4_find(wire, "dma_cps").ptr || ga4_is(ga4_find(wire, "dma"), "1");
  if (!is_granted(event, 2) && has_platforms) {
    ga4_set(hit, RELAIS_STR("dma_cps"), RELAIS_STR("-"), GA4_IN_REQUEST);
  }
  if (!is_granted(event, 0)) {
    ga4_set(hit, RELAIS_STR("pscdl"), RELAIS_STR("denied"), GA4_IN_REQUEST);
  }
  ga4_set(hit, RELAIS_STR("gtm_up"), RELAIS_STR("1"), GA4_IN_REQUEST);
}

/* ---- Ids ------------------------------------------------------------------------------------- */

/* gtag.js had no consent either, so that its ids are of this page alone. */
static int was_made_without_consent(const relais_event *event) {
  relais_str states = ga4_find(event->ga4, "gcs"), digest = ga4_find(event->ga4, "gcd");
  if (states.len >= 4 && states.ptr[3] == '0') return 1;
  return is_digest(digest) && stated(sextet(digest.ptr[4])) == DENIED;
}

static uint64_t mix(uint64_t hash, relais_str text) {
  for (size_t i = 0; i < text.len; i++) {
    hash = (hash ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
  }
  return (hash ^ 0xFF) * UINT64_C(1099511628211);
}

/* Milliseconds since 1970 of the page's load; before 2023 `_p` was a random number. */
static int64_t page_time(const relais_event *event) {
  relais_str page = ga4_find(event->ga4, "_p");
  int64_t time = 0;
  if (page.len == 13) {
    for (size_t i = 0; i < page.len && time >= 0; i++) {
      char c = page.ptr[i];
      time = c >= '0' && c <= '9' ? time * 10 + (c - '0') : -1;
    }
  }
  return time > 0 ? time : event->received_micros / 1000;
}

/* An id for the page, made of nothing but what the ping holds anyway: equal for all hits of a page,
 * another one on the next. */
static void set_page_ids(ga4_encoder *encoder, ga4_hit *hit) {
  const relais_event *event = hit->event;
  char text[64];
  relais_str page = ga4_find(event->ga4, "_p");
  uint64_t hash = mix(UINT64_C(14695981039346656037), ga4_blank(page) ? event->event_id : page);
  hash = mix(mix(hash, event->user_agent), ga4_find(event->ga4, "sr"));
  uint64_t random = (hash ^ hash >> 33) & 0x7FFFFFFF;
  int64_t seconds = page_time(event) / 1000;
  size_t start = encoder->piece.len;
  snprintf(text, sizeof text, "%" PRIu64 ".%" PRId64, random ? random : 1, seconds);
  ga4_text_bytes(&encoder->piece, text, strlen(text));
  relais_str client = ga4_piece_since(encoder, start);
  relais_str session = client.ptr ? after(client, strcspn(text, ".") + 1) : client;
  ga4_set(hit, RELAIS_STR("cid"), client, GA4_IN_REQUEST);
  ga4_set(hit, RELAIS_STR("sid"), session, GA4_IN_SHARED);
  ga4_set(hit, RELAIS_STR("sct"), RELAIS_STR("1"), GA4_IN_SHARED);
  ga4_set(hit, RELAIS_STR("seg"), RELAIS_STR("0"), GA4_IN_SHARED);
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static const char *const click_ids[] = {
    "gclid",  "dclid",  "gclsrc",    "wbraid", "gbraid", "gad_source", "gad_campaignid", "srsltid",
    "fbclid", "ttclid", "li_fat_id", "msclkid", "twclid", "yclid",      "epik",           NULL};

static size_t index_of(relais_str text, size_t from, const char *any) {
  while (from < text.len && !strchr(any, text.ptr[from])) from++;
  return from;
}

/* The address without the linker's parameter, which carries client ids, and without click ids where
 * ad_storage is not granted; absent when nothing has to go. */
static relais_str clean_address(ga4_encoder *encoder, const relais_event *event, relais_str url) {
  int keeps_clicks = is_granted(event, 0);
  ga4_text *out = &encoder->piece;
  size_t start = out->len, at = index_of(url, 0, "?#"), left_out = 0;
  char separator = '?';
  ga4_text_bytes(out, url.ptr, at);
  while (at < url.len && url.ptr[at] != '#') {
    size_t end = index_of(url, at + 1, "&#");
    relais_str pair = {url.ptr + at + 1, end - at - 1};
    relais_str name = {pair.ptr, index_of(pair, 0, "=")};
    if (ga4_is(name, "_gl") || (!keeps_clicks && is_listed(name, click_ids))) {
      left_out++;
    } else {
      ga4_text_bytes(out, &separator, 1);
      ga4_text_str(out, pair);
      separator = '&';
    }
    at = end;
  }
  relais_str fragment = {url.ptr + at, url.len - at};
  if (fragment.len && memmem(fragment.ptr, fragment.len, "_gl=", 4)) {
    left_out++;
  } else {
    ga4_text_str(out, fragment);
  }
  return left_out ? ga4_piece_since(encoder, start) : (relais_str){NULL, 0};
}

static void set_address(ga4_encoder *encoder, ga4_hit *hit, relais_str key) {
  relais_list wire = hit->event->ga4;
  for (uint32_t i = wire.count; i > 0; i--) {
    const relais_param *param = RELAIS_AT(wire, relais_param, i - 1);
    if (!ga4_equal(param->key, key) || ga4_blank(param->text)) continue;
    ga4_set(hit, key, clean_address(encoder, hit->event, param->text), GA4_IN_SHARED);
    return;
  }
}

void ga4_ping_set(ga4_encoder *encoder, ga4_hit *hit) {
  relais_list wire = hit->event->ga4;
  hit->is_ping = 1;
  hit->has_page_ids =
      was_made_without_consent(hit->event) && !ga4_blank(ga4_find(wire, "cid"));
  set_consent(encoder, hit);
  if (!hit->has_page_ids) set_page_ids(encoder, hit);
  set_address(encoder, hit, RELAIS_STR("dl"));
  set_address(encoder, hit, RELAIS_STR("dr"));
}
