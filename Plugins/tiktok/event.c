/* One event as an element of `data`. Page "Parameters". SPDX-License-Identifier: Apache-2.0 */
#include "tiktok.h"

enum { SECOND_MS = 1000, DAY_MS = 86400 * SECOND_MS };

/* TikTok documents no limit. 28 days is its longest attribution window: an older event can change
 * nothing. The minute is for the way. */
static const int64_t max_age_ms = 28 * (int64_t)DAY_MS - 60 * SECOND_MS;

static refusal check_name(const relais_instance *instance, const relais_event *event,
                          relais_str name) {
  if (text_blank(name))
    return REFUSAL(DROP, "not_mapped",
                   "TikTok has no standard event for it; name one in the destination's events, as "
                   "`as`");
  if ((event->flags & RELAIS_EVENT_TEST) && !instance->test_event_code)
    return REFUSAL(DROP, "no_test_event_code",
                   "a test event, and without test_event_code TikTok would count it as a real one");
  return not_refused;
}

/* `page`, which events of the web must have and no other has. */
static refusal write_page(batch *b, const relais_event *event) {
  relais_json *json = &b->json;
  relais_str url = url_clean(b->call, event->page_location);
  relais_str referrer = url_clean(b->call, event->page_referrer);
  if (b->instance->source != TIKTOK_WEB) return not_refused;
  if (text_blank(event->page_location))
    return REFUSAL(REJECT, "missing_page_location",
                   "event_source web needs page_location; give it, or the event_source that is "
                   "true");
  if (text_blank(url))
    return REFUSAL(REJECT, "invalid_page_location", "page_location is not an http or https URL");
  if (text_blank(referrer) && !text_blank(event->page_referrer))
    batch_omit(b, event, TIKTOK_OMITTED_REFERRER);
  relais_json_key(json, RELAIS_STR("page"));
  relais_json_begin_object(json);
  put_text(json, "url", url);
  put_text(json, "referrer", referrer);
  relais_json_end_object(json);
  return not_refused;
}

/* `lead`, which events of a CRM must have: the id that TikTok gave the lead. */
static refusal write_lead(batch *b, const relais_event *event) {
  relais_json *json = &b->json;
  const field_map *params = &b->instance->params;
  relais_str id = params_text(event->params, "lead_id");
  if (b->instance->source != TIKTOK_CRM) return not_refused;
  if (text_blank(id) && !field_is_given(params, "lead", "lead_id", event))
    return REFUSAL(REJECT, "missing_lead_id",
                   "event_source crm needs the parameter lead_id, as TikTok exported the lead");
  relais_json_key(json, RELAIS_STR("lead"));
  relais_json_begin_object(json);
  put_own_text(b, params, "lead", "lead_id", event, id);
  put_own_text(b, params, "lead", "lead_event_source", event,
               params_text(event->params, "lead_event_source"));
  put_fields(b, params, "lead", event, TIKTOK_OMITTED_FIELD);
  relais_json_end_object(json);
  return not_refused;
}

/* The destination's setting, or the event's own for one visitor; an event cannot lift it. */
static int is_limited(const relais_instance *instance, const relais_event *event) {
  const relais_param *own = params_find(event->params, "limited_data_use");
  if (instance->source != TIKTOK_WEB) return 0;
  return instance->limited_data_use || (own && text_is(own->text, "true"));
}

refusal tiktok_write_event(batch *b, const relais_event *event) {
  relais_json *json = &b->json;
  relais_str name = tiktok_event_name(b->instance, event);
  int64_t time_ms = event_time_ms(b->call, event);
  refusal why = check_name(b->instance, event, name);
  if (why.reason.ptr) return why;
  if (b->call->now_ms - time_ms > max_age_ms)
    return REFUSAL(REJECT, "too_old", "older than the 28 days in which TikTok attributes events");
  why = tiktok_check_money(event, name);
  if (why.reason.ptr) return why;

  relais_json_begin_object(json);
  put_text(json, "event", name);
  relais_json_put_int(json, RELAIS_STR("event_time"), time_ms / SECOND_MS);
  put_text(json, "event_id", event_shared_id(b->instance->purchase_by_transaction, event));
  why = write_page(b, event);
  if (!why.reason.ptr) why = write_lead(b, event);
  if (why.reason.ptr) return why;
  if (!tiktok_write_user(b, event))
    return REFUSAL(REJECT, "no_identifier",
                   "nothing that TikTok can match: it needs ttclid, _ttp, an e-mail address, phone "
                   "or external id, or the browser's address together with its user agent");
  tiktok_write_properties(b, event, name);
  if (is_limited(b->instance, event))
    relais_json_put_bool(json, RELAIS_STR("limited_data_use"), 1);
  relais_json_end_object(json);
  return not_refused;
}
