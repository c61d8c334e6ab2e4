/* What the files of the Meta plugin share. Sources are named by their page under
 * developers.facebook.com, Conversions API, as read in November 2026.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef META_H
#define META_H

#include "../common/event.h"
#include "../common/items.h"

/* "Using the API": at most 1,000 events a request. The size is not documented; 1 MB is what others
 * found to pass. */
#define META_MAX_EVENTS 1000u
#define META_MAX_BYTES 1000000u

/* Where the events of one source happen. */
typedef struct meta_source {
  char *source, *action_source;
} meta_source;

/* "Data processing options": limited data use for residents of some states of the US. */
typedef enum meta_processing {
  META_PROCESSING_UNSAID,
  META_PROCESSING_FULL,   /* [] */
  META_PROCESSING_LIMITED /* ["LDU"] */
} meta_processing;

/* One configured pixel. Texts end with NUL. */
struct relais_instance {
  char *url;             /* <base>/<version>/<pixel>/events */
  char *authorization;   /* "Bearer <token>" */
  char *test_event_code; /* NULL: none */
  int64_t test_end_ms;   /* from then on the code is not sent */
  char *partner_agent;
  char *action_source;   /* of sources that `sources` does not name */
  meta_source *sources;
  size_t source_count;
  char *content_id;      /* name of the item member that is the catalogue id */
  meta_processing processing;
  int64_t country, state; /* of LDU; 0 and 0: Meta looks the place up by the address */
  int opts_out;
  int purchase_by_transaction;
  field_map params;
};

/* Why something was left out of an event that is sent nevertheless. */
typedef enum meta_omission {
  META_OMITTED_CURRENCY,
  META_OMITTED_VALUE,
  META_OMITTED_ITEM,
  META_OMITTED_CONTENT_IDS,
  META_OMITTED_IP,
  META_OMITTED_COOKIE,
  META_OMITTED_CLICK_ID,
  META_OMITTED_ACTION_SOURCE,
  META_OMITTED_REFERRER,
  META_OMITTED_DELIVERY_CATEGORY,
  META_OMITTED_FIELD,
  META_OMISSIONS
} meta_omission;

/* names.c */
relais_str meta_event_name(const relais_event *event); /* absent: the event is not mapped */
int meta_is_action_source(relais_str text);

/* config.c */
relais_status meta_read_config(relais_instance *instance, const relais_call *call,
                               const json_t *config);
void meta_destroy(relais_instance *instance);

#define META_TEST_IS_OVER \
  "test_until has passed: events go out without test_event_code, test events not at all"

/* The test code while its time lasts; NULL otherwise. */
static inline const char *meta_test_code(const relais_instance *instance, const relais_call *call) {
  return call->now_ms < instance->test_end_ms ? instance->test_event_code : NULL;
}

/* event.c: writes one element of `data`. */
refusal meta_write_event(batch *b, const relais_event *event);

/* user.c: writes `user_data`; 0 when it cannot identify anyone. time_ms: of the event. */
int meta_write_user_data(batch *b, const relais_event *event, int64_t time_ms);

/* custom.c: what is wrong with a purchase, and `custom_data`. */
refusal meta_check_money(const relais_event *event, relais_str name);
void meta_write_custom_data(batch *b, const relais_event *event, relais_str name);

/* encode.c, classify.c: the functions of the plugin's table. */
relais_status meta_encode(relais_instance *instance, const relais_call *call, relais_list events,
                          const relais_output *output);
relais_status meta_classify(relais_instance *instance, const relais_call *call,
                            const relais_exchange *exchange, const relais_output *output);

#endif
