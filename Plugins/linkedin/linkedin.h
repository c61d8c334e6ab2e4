/* What the files of the LinkedIn plugin share. Sources are named by their page under
 * learn.microsoft.com/linkedin/marketing, as read in November 2026 (views li-lms-2026-02 and -03);
 * what no page says and others measured is called measured.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef LINKEDIN_H
#define LINKEDIN_H

#include "../common/batch.h"
#include "../common/config.h"
#include "../common/event.h"
#include "../common/fields.h"

/* "Conversions API": at most 5,000 events a request, all refused for one bad one: fewer of them
 * share that fate. The size is not documented. */
#define LINKEDIN_MAX_EVENTS 1000u
#define LINKEDIN_MAX_BYTES 1000000u
/* As many as one event may have parts. */
#define LINKEDIN_MAX_RULES 64u
#define LINKEDIN_MAX_EVENT_ID 64u /* characters of eventId (Salesforce's page on this API) */
#define LINKEDIN_MAX_NAME 35u     /* characters of a name in userInfo (the same) */
/* No page tells how long these may be. */
#define LINKEDIN_MAX_INFO 100u
#define LINKEDIN_MAX_EXTERNAL_ID 255u

typedef struct linkedin_condition linkedin_condition;

/* One conversion rule of the account. */
typedef struct linkedin_rule {
  char part[40]; /* "rule:<id>": names the part of an event that its requests carry */
  char urn[64];
} linkedin_rule;

/* One entry of `conversions`. */
typedef struct linkedin_conversion {
  char *event;
  uint32_t rule; /* index of the rule */
  linkedin_condition *conditions;
  size_t condition_count;
} linkedin_conversion;

struct relais_instance {
  char *url;
  char *authorization; /* "Bearer <token>" */
  char *version;       /* LinkedIn-Version */
  int purchase_by_transaction;
  field_map params;
  linkedin_rule rules[LINKEDIN_MAX_RULES];
  uint32_t rule_count;
  linkedin_conversion *conversions;
  size_t conversion_count;
};

/* Why something was left out of an event that is sent nevertheless. */
typedef enum linkedin_omission {
  LINKEDIN_OMITTED_CURRENCY,
  LINKEDIN_OMITTED_VALUE,
  LINKEDIN_OMITTED_IP,
  LINKEDIN_OMITTED_CLICK_ID,
  LINKEDIN_OMITTED_NAMES,
  LINKEDIN_OMITTED_LEAD,
  LINKEDIN_OMITTED_FIELD,
  LINKEDIN_OMISSIONS
} linkedin_omission;

/* The batch of one rule; `batch` first, for the functions of batch.h. */
typedef struct linkedin_batch {
  batch batch;
  const linkedin_rule *rule;
} linkedin_batch;

/* conditions.c: `when` of a conversion. */
relais_status linkedin_read_conditions(linkedin_conversion *conversion, const relais_call *call,
                                       relais_str pointer, const json_t *when);
void linkedin_free_conditions(linkedin_conversion *conversion);
int linkedin_conditions_hold(const linkedin_conversion *conversion, const relais_event *event);

/* event.c: why an event cannot be sent, whatever the rule; and one element of `elements`. */
refusal linkedin_judge_event(const relais_instance *instance, const relais_call *call,
                             const relais_event *event);
refusal linkedin_write_event(batch *b, const relais_event *event);

/* user.c: writes `user`; 0 when nobody could be matched by it. b == NULL: only tells. */
int linkedin_write_user(batch *b, const relais_instance *instance, const relais_event *event);

/* money.c: writes `conversionValue`, when there is one. */
void linkedin_write_value(batch *b, const relais_event *event);

/* encode.c, classify.c: the functions of the plugin's table. */
relais_status linkedin_encode(relais_instance *instance, const relais_call *call,
                              relais_list events, const relais_output *output);
relais_status linkedin_classify(relais_instance *instance, const relais_call *call,
                                const relais_exchange *exchange, const relais_output *output);

#endif
