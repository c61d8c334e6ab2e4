/* What the files of the TikTok plugin share. Sources are named by their page of TikTok's portal for
 * developers, "TikTok API for Business", Events API 2.0, as read in November 2026.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TIKTOK_H
#define TIKTOK_H

#include "../common/event.h"
#include "../common/items.h"

/* "Parameters": at most 1,000 events, or the whole request is refused. The size is not documented;
 * 1 MB is what others send. */
#define TIKTOK_MAX_EVENTS 1000u
#define TIKTOK_MAX_BYTES 1000000u

/* Where events happen ("Parameters", event_source); `app` is for partners that TikTok lists. */
typedef enum tiktok_source { TIKTOK_WEB, TIKTOK_CRM, TIKTOK_OFFLINE, TIKTOK_SOURCES } tiktok_source;

/* One configured pixel or event set. Texts end with NUL. */
struct relais_instance {
  char *url;             /* <base>/open_api/<version>/event/track/ */
  char *access_token;
  char *pixel_code;      /* event_source_id */
  char *test_event_code; /* NULL: none */
  char *partner_name;    /* NULL: none */
  char *content_id;      /* name of the item member that is the catalogue id */
  tiktok_source source;
  int classic_names;     /* CompletePayment rather than Purchase */
  int limited_data_use;
  int purchase_by_transaction;
  field_map params;
};

/* Why something was left out of an event that is sent nevertheless. */
enum {
  TIKTOK_OMITTED_CURRENCY,
  TIKTOK_OMITTED_VALUE,
  TIKTOK_OMITTED_PURCHASE_VALUE,
  TIKTOK_OMITTED_ITEM,
  TIKTOK_OMITTED_QUANTITY,
  TIKTOK_OMITTED_CONTENT_IDS,
  TIKTOK_OMITTED_IP,
  TIKTOK_OMITTED_CLICK_ID,
  TIKTOK_OMITTED_COOKIE,
  TIKTOK_OMITTED_LOCALE,
  TIKTOK_OMITTED_REFERRER,
  TIKTOK_OMITTED_EXTERNAL_ID,
  TIKTOK_OMITTED_FIELD,
  TIKTOK_OMISSIONS
};

/* names.c */
/* Absent: the event is not mapped. */
relais_str tiktok_event_name(const relais_instance *instance, const relais_event *event);
int tiktok_is_purchase(relais_str name);
/* "web", "crm", "offline"; TIKTOK_SOURCES for another text. */
tiktok_source tiktok_source_of(relais_str text);
const char *tiktok_source_name(tiktok_source source);
/* The currency in upper case, in `code`; 0 when TikTok does not take it. */
int tiktok_currency(relais_str text, char code[3]);

/* event.c: writes one element of `data`. */
refusal tiktok_write_event(batch *b, const relais_event *event);

/* user.c: writes `user`; 0 when it identifies nobody. */
int tiktok_write_user(batch *b, const relais_event *event);

/* properties.c: what is wrong with a purchase, and `properties`. */
refusal tiktok_check_money(const relais_event *event, relais_str name);
void tiktok_write_properties(batch *b, const relais_event *event, relais_str name);

/* encode.c, classify.c: the functions of the plugin's table. */
relais_status tiktok_encode(relais_instance *instance, const relais_call *call, relais_list events,
                            const relais_output *output);
relais_status tiktok_classify(relais_instance *instance, const relais_call *call,
                              const relais_exchange *exchange, const relais_output *output);

#endif
