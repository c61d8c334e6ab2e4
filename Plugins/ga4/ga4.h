/* What the files of the GA4 plugin share. SPDX-License-Identifier: Apache-2.0 */
#ifndef GA4_H
#define GA4_H

#include <string.h>

#include "relais/json.h"
#include "relais/plugin.h"

/* One configured GA4 property. */
struct relais_instance {
  char *measurement_id;
  char *api_secret;
  char *global_base; /* "https://www.google-analytics.com", or the configured endpoint */
  char *europe_base; /* "https://region1.google-analytics.com", or the configured endpoint */
  int europe;        /* 1: every event is processed in the EU */
  int measurement_protocol_only;
  int validate; /* 1: Measurement Protocol requests go to the validation server too */
};

/* Text that grows in the call's arena. After a failed allocation it stays as it is. */
typedef struct ga4_text {
  const relais_call *call;
  char *ptr;
  size_t len;
  size_t capacity;
  int failed;
} ga4_text;

/* What one encode() call works with. */
typedef struct ga4_encoder {
  const relais_instance *instance;
  const relais_call *call;
  relais_list events;
  const relais_output *output;
  ga4_text url;  /* of the request being built; its memory serves all requests of the call */
  ga4_text body;
  ga4_text piece;
  int is_muted;                /* what would be said has been said */
  const uint32_t *shared_next; /* what is said is of this chain of events, from shared_first on; or NULL */
  uint32_t shared_first;
} ga4_encoder;

#define GA4_END UINT32_MAX /* no further event of a chain */

/* Why an event takes the Measurement Protocol. */
enum {
  GA4_ROUTE_NOT_GTAG = 1,   /* it did not come from gtag.js */
  GA4_ROUTE_LATE = 2,       /* it waited too long for /g/collect, which knows no event time */
  GA4_ROUTE_CONFIGURED = 4  /* the configuration asks for it */
};

/* text.c */
#define GA4_TEXT_LITERAL(text, literal) ga4_text_bytes((text), "" literal, sizeof(literal) - 1)
void ga4_text_bytes(ga4_text *text, const char *bytes, size_t count);
void ga4_text_str(ga4_text *text, relais_str value);
void ga4_text_component(ga4_text *text, relais_str value); /* as encodeURIComponent does */
int ga4_equal(relais_str a, relais_str b);                 /* absent equals absent only */
/* Inline, so that the length of a literal is known when it is compared. */
static inline int ga4_is(relais_str a, const char *terminated) {
  size_t len = strlen(terminated);
  return a.ptr && a.len == len && memcmp(a.ptr, terminated, len) == 0;
}
static inline int ga4_has_prefix(relais_str a, const char *terminated) {
  size_t len = strlen(terminated);
  return a.ptr && a.len >= len && memcmp(a.ptr, terminated, len) == 0;
}
static inline int ga4_blank(relais_str a) { return !a.ptr || a.len == 0; } /* absent or empty */
relais_str ga4_prefix_of(relais_str text, size_t characters); /* at most so many characters */
relais_str ga4_find(relais_list params, const char *key);     /* the last value of that key */
relais_str ga4_consent(const relais_event *event, const char *purpose);

/* encode.c */
const relais_event *ga4_event(const ga4_encoder *encoder, uint32_t index);
/* Says something of an event, for its receipt and the log. The format begins with a code of the
 * validation server ("Validate events", Measurement Protocol) where one fits. */
void ga4_note(const ga4_encoder *encoder, relais_level level, const relais_event *event,
              const char *format, ...) __attribute__((format(printf, 4, 5)));
relais_status ga4_reject(const ga4_encoder *encoder, uint32_t index, relais_str reason,
                         relais_str detail);

/* names.c: what GA4 calls a name, and what it keeps for itself */
enum {
  GA4_NAME_FINE = 0,
  GA4_NAME_INVALID,
  GA4_NAME_RESERVED
};
int ga4_event_name_check(relais_str name);
int ga4_param_name_check(relais_str name);
int ga4_property_name_check(relais_str name);

/* collect.c */
#define GA4_MOST_HITS 20 /* gtag.js puts no more into a batch */
/* Forwards the hits first, next[first], ... up to GA4_END, which agree in all that is said once. */
relais_status ga4_collect(ga4_encoder *encoder, uint32_t first, const uint32_t *next);
/* Whether two hits came in one batch of gtag.js and can go in one. */
int ga4_collect_agree(const relais_event *a, const relais_event *b);
/* Whether the hit has a transaction_id that says nothing, which is left out of it. */
int ga4_collect_lacks_order(const relais_event *event);
int ga4_in_europe(const relais_instance *instance, const relais_event *event);

/* userdata.c */
#define GA4_MAX_VALUES 3    /* e-mail addresses, phone numbers */
#define GA4_MAX_ADDRESSES 2
typedef struct ga4_address {
  uint32_t group;
  relais_str first_name, last_name, street;         /* SHA-256 in hex */
  relais_str city, region, postal_code, country;    /* in clear, normalised */
} ga4_address;
typedef struct ga4_user_data {
  relais_str email[GA4_MAX_VALUES], phone[GA4_MAX_VALUES]; /* SHA-256 in hex */
  uint32_t email_count, phone_count, address_count;
  ga4_address address[GA4_MAX_ADDRESSES];
} ga4_user_data;
/* Sorts what GA4 knows of the event's identifiers into `data`. 0: nothing may be sent. */
int ga4_user_data_read(const ga4_encoder *encoder, const relais_event *event,
                       ga4_user_data *data);
/* gtag's `em` value, not yet percent-encoded. */
void ga4_user_data_em(ga4_text *text, const ga4_user_data *data);

/* measurement.c */
#define GA4_VALIDATION "validation" /* the note of a request to the validation server */
/* Sends the events first, next[first], ... up to GA4_END; they agree in all that a Measurement
 * Protocol request says once. routes: the GA4_ROUTE_* bits of all of them. */
relais_status ga4_measurement(ga4_encoder *encoder, uint32_t first, const uint32_t *next,
                              uint32_t routes);
int ga4_measurement_agree(const ga4_encoder *encoder, const relais_event *a,
                          const relais_event *b);

/* visitor.c */
/* Whether two events agree in all that a Measurement Protocol request says once. */
int ga4_same_visitor(const ga4_encoder *encoder, const relais_event *a, const relais_event *b);
int ga4_same_identifiers(relais_list a, relais_list b);
/* The members of a request's body in front of `events`. */
void ga4_visitor_write(ga4_encoder *encoder, relais_json *json, const relais_event *event);

/* What keeps a named value from being sent: a code of the validation server and a sentence; both
 * NULL when nothing does. */
typedef struct ga4_problem {
  const char *code, *why;
} ga4_problem;

/* params.c */
/* One element of the Measurement Protocol's `events`. */
void ga4_measurement_event(const ga4_encoder *encoder, relais_json *json,
                           const relais_event *event);
relais_str ga4_event_name(const relais_event *event); /* as GA4 shall see it */
/* The parameter `device` when it is an object: what a request says of the device. Or nothing. */
relais_str ga4_device(const relais_event *event);
/* A string within GA4's limit of characters; says so when it had to be cut. */
relais_str ga4_cut(const ga4_encoder *encoder, const relais_event *event, relais_str name,
                   relais_str value, size_t characters);
/* Whether the value is a string, number or boolean; a message says so when it is not. */
int ga4_scalar(const ga4_encoder *encoder, const relais_event *event, const relais_param *param);
/* A boolean is written as text, as gtag.js sends it. */
void ga4_scalar_write(const ga4_encoder *encoder, relais_json *json, const relais_event *event,
                      const relais_param *param, size_t characters);

/* required.c */
/* Says which parameters that Google requires of the event are not there. */
void ga4_required_check(const ga4_encoder *encoder, const relais_event *event);

/* items.c */
/* The member "items"; nothing when no item can be sent. */
int ga4_items_sendable(const ga4_encoder *encoder, const relais_event *event);
void ga4_items_write(const ga4_encoder *encoder, relais_json *json, const relais_event *event);

/* ga4.c, encode.c, classify.c: the functions of the plugin's table */
relais_status ga4_encode(relais_instance *instance, const relais_call *call, relais_list events,
                         const relais_output *output);
relais_status ga4_classify(relais_instance *instance, const relais_call *call,
                           const relais_exchange *exchange, const relais_output *output);

#endif
