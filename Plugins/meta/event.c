/* One event as an element of `data`. Page "Server event parameters".
 * SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

enum { SECOND_MS = 1000, DAY_MS = 86400 * SECOND_MS };

/* Meta judges the age on arrival, and one event too old takes the whole request with it. */
static const int64_t age_margin_ms = 60 * SECOND_MS;

static relais_str action_source(batch *b, const relais_event *event) {
  relais_str own = params_text(event->params, "action_source");
  if (meta_is_action_source(own)) return own;
  if (!text_blank(own)) batch_omit(b, event, META_OMITTED_ACTION_SOURCE);
  return text_of(b->instance->action_source);
}

/* "Using the API": seven days, 62 for what happened in a shop. */
static int is_too_old(const relais_call *call, int64_t time_ms, relais_str source) {
  int64_t days = text_is(source, "physical_store") ? 62 : 7;
  return call->now_ms - time_ms > days * DAY_MS - age_margin_ms;
}

static refusal check_name(const relais_instance *instance, const relais_event *event,
                               relais_str name) {
  if (text_blank(name))
    return REFUSAL(DROP, "not_mapped",
                  "Meta has no standard event for it; name one in the destination's events, as "
                  "`as`");
  if (text_is(name, "AppendValue") || text_is(name, "AppendAttribution"))
    return REFUSAL(REJECT, "not_supported",
                  "this event needs original_event_data, which an event of the relay has not");
  if ((event->flags & RELAIS_EVENT_TEST) && !instance->test_event_code)
    return REFUSAL(DROP, "no_test_event_code",
                  "a test event, and without test_event_code Meta would count it as a real one");
  return not_refused;
}

static refusal write_place(batch *b, const relais_event *event,
                                relais_str source) {
  relais_str url = url_clean(b->call, event->page_location);
  int website = text_is(source, "website");
  if (website && text_blank(event->page_location))
    return REFUSAL(REJECT, "missing_page_location",
                  "action_source website needs page_location; give it, or the action_source that "
                  "is true");
  if (website && text_blank(url))
    return REFUSAL(REJECT, "invalid_page_location", "page_location is not an http or https URL");
  if (website && text_blank(event->user_agent)) batch_omit(b, event, META_OMITTED_USER_AGENT);
  put_text(&b->json, "event_source_url", url);
  put_text(&b->json, "referrer_url", url_clean(b->call, event->page_referrer));
  return not_refused;
}

refusal meta_write_event(batch *b, const relais_event *event) {
  relais_json *json = &b->json;
  relais_str name = meta_event_name(event);
  refusal why = check_name(b->instance, event, name);
  if (why.reason.ptr) return why;
  relais_str source = action_source(b, event);
  int64_t time_ms = event_time_ms(b->call, event);
  if (is_too_old(b->call, time_ms, source))
    return REFUSAL(REJECT, "too_old",
                  "Meta takes events for 7 days, those of action_source physical_store for 62");
  why = meta_check_money(event, name);
  if (why.reason.ptr) return why;

  relais_json_begin_object(json);
  put_text(json, "event_name", name);
  relais_json_put_int(json, RELAIS_STR("event_time"), time_ms / SECOND_MS);
  put_text(json, "event_id", event->event_id);
  put_text(json, "action_source", source);
  why = write_place(b, event, source);
  if (why.reason.ptr) return why;
  if (!meta_write_user_data(b, event, time_ms))
    return REFUSAL(REJECT, "weak_identity",
                  "nothing that Meta can match: it needs an e-mail address, phone, external id, "
                  "_fbp, _fbc or fbclid, or the address of the browser");
  meta_write_custom_data(b, event, name);
  relais_json_end_object(json);
  return not_refused;
}
