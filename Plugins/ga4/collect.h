/* What collect.c and ping.c share: a hit on its way to /g/collect. SPDX-License-Identifier: Apache-2.0 */
#ifndef GA4_COLLECT_H
#define GA4_COLLECT_H

#include "ga4.h"

/* Where gtag.js may put a parameter: bits, so that a pass can ask for several. */
enum {
  GA4_IN_REQUEST = 1, /* only in the query */
  GA4_IN_SHARED = 2,  /* in the query or in an event's line */
  GA4_IN_EVENT = 4    /* belongs to the event */
};

/* A parameter that the plugin sets. On the wire it keeps its place, otherwise it comes last. */
typedef struct ga4_own {
  relais_str key, value;
  int section;
} ga4_own;

enum { GA4_MOST_OWN = 24 };

typedef struct ga4_hit {
  const relais_event *event;
  int is_ping;
  int has_page_ids; /* of a ping: its ids end with the page, gtag.js made them without consent */
  uint32_t own_count;
  ga4_own own[GA4_MOST_OWN];
} ga4_hit;

/* Sets a parameter; an absent value leaves the wire's as it is. */
static inline void ga4_set(ga4_hit *hit, relais_str key, relais_str value, int section) {
  if (value.ptr && hit->own_count < GA4_MOST_OWN) {
    hit->own[hit->own_count++] = (ga4_own){key, value, section};
  }
}

/* What was added to the call's scratch text since it had `start` bytes. */
static inline relais_str ga4_piece_since(const ga4_encoder *encoder, size_t start) {
  const ga4_text *piece = &encoder->piece;
  return (relais_str){piece->ptr ? piece->ptr + start : NULL, piece->len - start};
}

/* ping.c: sets what makes the hit a ping, see the head of that file. */
void ga4_ping_set(ga4_encoder *encoder, ga4_hit *hit);
int ga4_ping_keeps(const ga4_hit *hit, relais_str key);

#endif
