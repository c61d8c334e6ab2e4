/* What the files of the Meta plugin share. Sources are named by their page under
 * developers.facebook.com, Conversions API, as read in November 2026.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef META_H
#define META_H

#include "relais/json.h"
#include "relais/plugin.h"

/* "Using the API": at most 1,000 events a request. The size is not documented; 1 MB is what others
 * found to pass. */
#define META_MAX_EVENTS 1000u
#define META_MAX_BYTES 1000000u

/* One configured pixel. Texts end with NUL. */
struct relais_instance {
  char *url;             /* <base>/<version>/<pixel>/events */
  char *authorization;   /* "Bearer <token>" */
  char *test_event_code; /* NULL: none */
  char *action_source;
  char *content_id;      /* name of the item member that is the catalogue id */
  char **custom_parameters;
  size_t custom_parameter_count;
};

/* Why something was left out of an event that is sent nevertheless. */
typedef enum meta_omission {
  META_OMITTED_CURRENCY,
  META_OMITTED_VALUE,
  META_OMITTED_ITEM,
  META_OMITTED_IP,
  META_OMITTED_COOKIE,
  META_OMITTED_CLICK_ID,
  META_OMITTED_ACTION_SOURCE,
  META_OMITTED_USER_AGENT,
  META_OMISSIONS
} meta_omission;

/* What one encode() call works with. */
typedef struct meta_encoder {
  const relais_instance *instance;
  const relais_call *call;
  relais_list events;
  const relais_output *output;
  relais_json json;      /* the body of the request being built */
  uint32_t *covered;     /* the events in it */
  uint32_t count;
  uint32_t omitted[META_OMISSIONS];
  relais_str first_omitted[META_OMISSIONS]; /* the first event's id */
} meta_encoder;

/* Why an event cannot be sent; reason.ptr == NULL: it can. */
typedef struct meta_refusal {
  relais_verdict_code code; /* DROP or REJECT */
  relais_str reason;
  relais_str detail;
} meta_refusal;

/* text.c */
int meta_equal(relais_str a, relais_str b);
int meta_is(relais_str a, const char *terminated);
int meta_blank(relais_str a); /* absent or empty */
relais_str meta_c_str(const char *terminated); /* absent for NULL */
/* The last of that key, or NULL. */
const relais_param *meta_find(relais_list params, const char *key);
/* Of a string or number; absent when there is none, or an empty one. */
relais_str meta_find_text(relais_list params, const char *key);
int meta_usable_number(relais_number number);                       /* there, valid, finite */
/* Nothing when absent or empty. */
void meta_put(relais_json *json, const char *key, relais_str text);
/* The http(s) URL with white space and control characters percent-encoded; absent when it is no
 * such URL. */
relais_str meta_url(const relais_call *call, relais_str text);
/* The currency in upper case, in `code`; 0 when it is not in ISO 4217. */
int meta_currency(relais_str text, char code[3]);

/* names.c */
relais_str meta_event_name(const relais_event *event); /* absent: the event is not mapped */
int meta_is_action_source(relais_str text);

/* encode.c */
void meta_omit(meta_encoder *encoder, const relais_event *event, meta_omission what);

/* event.c: writes one element of `data`. */
meta_refusal meta_write_event(meta_encoder *encoder, const relais_event *event);

/* user.c: writes `user_data`; 0 when it cannot identify anyone. time_ms: of the event. */
int meta_write_user_data(meta_encoder *encoder, const relais_event *event, int64_t time_ms);

/* custom.c: what is wrong with a purchase, and `custom_data`. */
meta_refusal meta_check_money(const relais_event *event, relais_str name);
void meta_write_custom_data(meta_encoder *encoder, const relais_event *event, relais_str name);

/* encode.c, classify.c: the functions of the plugin's table. */
relais_status meta_encode(relais_instance *instance, const relais_call *call, relais_list events,
                          const relais_output *output);
relais_status meta_classify(relais_instance *instance, const relais_call *call,
                            const relais_exchange *exchange, const relais_output *output);

#endif
