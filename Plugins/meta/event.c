/* One event as an element of `data`. Page "Server event parameters".
 * SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

enum { SECOND_MS = 1000, DAY_MS = 86400 * SECOND_MS };

/* Meta judges the age on arrival, and one event too old takes the whole request with it. */
static const int64_t age_margin_ms = 60 * SECOND_MS;

static const meta_refusal fine = {0, {NULL, 0}, {NULL, 0}};

#define REFUSE(verdict, reason, detail) \
  ((meta_refusal){RELAIS_##verdict, RELAIS_STR(reason), RELAIS_STR(detail)})

/* When it happened; never later than it was received, so that a clock that is ahead makes no event
 * of the future, and every attempt says the same time. */
static int64_t event_time_ms(const relais_call *call, const relais_event *event) {
  int64_t happened = event->timestamp_micros / 1000, received = event->received_micros / 1000;
  if (received > 0 && happened > received) happened = received;
  if (happened > call->now_ms) happened = call->now_ms;
  return happened < 0 ? 0 : happened;
}

static relais_str action_source(meta_encoder *encoder, const relais_event *event) {
  relais_str own = meta_find_text(event->params, "action_source");
  if (meta_is_action_source(own)) return own;
  if (!meta_blank(own)) meta_omit(encoder, event, META_OMITTED_ACTION_SOURCE);
  return meta_c_str(encoder->instance->action_source);
}

/* "Using the API": seven days, 62 for what happened in a shop. */
static int is_too_old(const relais_call *call, int64_t time_ms, relais_str source) {
  int64_t days = meta_is(source, "physical_store") ? 62 : 7;
  return call->now_ms - time_ms > days * DAY_MS - age_margin_ms;
}

static meta_refusal check_name(const relais_instance *instance, const relais_event *event,
                               relais_str name) {
  if (meta_blank(name))
    return REFUSE(DROP, "not_mapped",
                  "Meta has no standard event for it; name one in the destination's events, as "
                  "`as`");
  if (meta_is(name, "AppendValue") || meta_is(name, "AppendAttribution"))
    return REFUSE(REJECT, "not_supported",
                  "this event needs original_event_data, which an event of the relay has not");
  if ((event->flags & RELAIS_EVENT_TEST) && !instance->test_event_code)
    return REFUSE(DROP, "no_test_event_code",
                  "a test event, and without test_event_code Meta would count it as a real one");
  return fine;
}

static meta_refusal write_place(meta_encoder *encoder, const relais_event *event,
                                relais_str source) {
  relais_str url = meta_url(encoder->call, event->page_location);
  int website = meta_is(source, "website");
  if (website && meta_blank(event->page_location))
    return REFUSE(REJECT, "missing_page_location",
                  "action_source website needs page_location; give it, or the action_source that "
                  "is true");
  if (website && meta_blank(url))
    return REFUSE(REJECT, "invalid_page_location", "page_location is not an http or https URL");
  if (website && meta_blank(event->user_agent)) meta_omit(encoder, event, META_OMITTED_USER_AGENT);
  meta_put(&encoder->json, "event_source_url", url);
  meta_put(&encoder->json, "referrer_url", meta_url(encoder->call, event->page_referrer));
  return fine;
}

meta_refusal meta_write_event(meta_encoder *encoder, const relais_event *event) {
  relais_json *json = &encoder->json;
  relais_str name = meta_event_name(event);
  meta_refusal refusal = check_name(encoder->instance, event, name);
  if (refusal.reason.ptr) return refusal;
  relais_str source = action_source(encoder, event);
  int64_t time_ms = event_time_ms(encoder->call, event);
  if (is_too_old(encoder->call, time_ms, source))
    return REFUSE(REJECT, "too_old",
                  "Meta takes events for 7 days, those of action_source physical_store for 62");
  refusal = meta_check_money(event, name);
  if (refusal.reason.ptr) return refusal;

  relais_json_begin_object(json);
  meta_put(json, "event_name", name);
  relais_json_put_int(json, RELAIS_STR("event_time"), time_ms / SECOND_MS);
  meta_put(json, "event_id", event->event_id);
  meta_put(json, "action_source", source);
  refusal = write_place(encoder, event, source);
  if (refusal.reason.ptr) return refusal;
  if (!meta_write_user_data(encoder, event, time_ms))
    return REFUSE(REJECT, "weak_identity",
                  "nothing that Meta can match: it needs an e-mail address, phone, external id, "
                  "_fbp, _fbc or fbclid, or the address of the browser");
  meta_write_custom_data(encoder, event, name);
  relais_json_end_object(json);
  return fine;
}
