/* One event as an element of `data`. Page "Server event parameters".
 * SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

enum { SECOND_MS = 1000, DAY_MS = 86400 * SECOND_MS };

/* Meta judges the age on arrival, and one event too old takes the whole request with it. */
static const int64_t age_margin_ms = 60 * SECOND_MS;

/* The event's own, else that of its source, else that of all. */
static relais_str action_source(batch *b, const relais_event *event) {
  const relais_instance *instance = b->instance;
  relais_str own = params_text(event->params, "action_source");
  if (meta_is_action_source(own)) return own;
  if (!text_blank(own)) batch_omit(b, event, META_OMITTED_ACTION_SOURCE);
  for (size_t i = 0; i < instance->source_count; i++)
    if (text_is(event->source, instance->sources[i].source))
      return text_of(instance->sources[i].action_source);
  return text_of(instance->action_source);
}

/* "Using the API": seven days, 62 for what happened in a shop. */
static int is_too_old(const relais_call *call, int64_t time_ms, relais_str source) {
  int64_t days = text_is(source, "physical_store") ? 62 : 7;
  return call->now_ms - time_ms > days * DAY_MS - age_margin_ms;
}

/* The event that an AppendValue speaks of. */
static int has_original(const relais_instance *instance, const relais_event *event) {
  return field_is_given(&instance->params, "original_event_data", "order_id", event) ||
         field_is_given(&instance->params, "original_event_data", "event_id", event);
}

static refusal check_name(const relais_instance *instance, const relais_call *call,
                          const relais_event *event, relais_str name) {
  if (text_blank(name))
    return REFUSAL(DROP, "not_mapped",
                  "Meta has no standard event for it; name one in the destination's events, as "
                  "`as`");
  if (text_is(name, "AppendAttribution"))
    return REFUSAL(REJECT, "not_supported",
                  "this event needs attribution_data, which an event of the relay has not");
  if (text_is(name, "AppendValue") && !has_original(instance, event))
    return REFUSAL(REJECT, "missing_original_event",
                  "AppendValue needs original_event_data.order_id or .event_id; name the values "
                  "that hold them in the destination's params");
  if ((event->flags & RELAIS_EVENT_TEST) && !meta_test_code(instance, call))
    return REFUSAL(DROP, "no_test_event_code",
                  "a test event, and without test_event_code Meta would count it as a real one");
  return not_refused;
}

/* The documentation asks for address and user agent of every website event. Of the two its API
 * insists on the first only (measured); the page is followed. */
static refusal write_place(batch *b, const relais_event *event, relais_str source) {
  relais_str url = url_clean(b->call, event->page_location);
  relais_str referrer = url_clean(b->call, event->page_referrer);
  int website = text_is(source, "website");
  if (website && text_blank(event->page_location))
    return REFUSAL(REJECT, "missing_page_location",
                  "action_source website needs page_location; give it, or the action_source that "
                  "is true");
  if (website && text_blank(url))
    return REFUSAL(REJECT, "invalid_page_location", "page_location is not an http or https URL");
  if (website && text_blank(event->user_agent))
    return REFUSAL(REJECT, "missing_user_agent",
                  "action_source website needs user_agent; give it, or the action_source that is "
                  "true");
  put_text(&b->json, "event_source_url", url);
  put_text(&b->json, "referrer_url", referrer);
  if (text_blank(referrer) && !text_blank(event->page_referrer))
    batch_omit(b, event, META_OMITTED_REFERRER);
  return not_refused;
}

/* "Business messaging": one of the two accounts, and the channel; else error 2804116. */
static refusal check_messaging(const relais_instance *instance, const relais_event *event,
                               relais_str source) {
  if (!text_is(source, "business_messaging")) return not_refused;
  if (!field_is_given(&instance->params, "", "messaging_channel", event))
    return REFUSAL(REJECT, "missing_messaging_channel",
                  "action_source business_messaging needs messaging_channel; name the value that "
                  "holds it in the destination's params");
  if (!field_is_given(&instance->params, "user_data", "page_id", event) &&
      !field_is_given(&instance->params, "user_data", "whatsapp_business_account_id", event))
    return REFUSAL(REJECT, "missing_page_id",
                  "action_source business_messaging needs user_data.page_id or "
                  ".whatsapp_business_account_id; name the value that holds it in the destination's "
                  "params");
  return not_refused;
}

static int is_true(const relais_event *event, const char *param) {
  const relais_param *own = params_find(event->params, param);
  return own && text_is(own->text, "true");
}

/* "Data processing options": the destination's setting, or the event's own for one visitor, which
 * can only limit. Meta finds the place of 0 and 0 by the address. */
static refusal write_processing(batch *b, const relais_event *event) {
  const relais_instance *instance = b->instance;
  relais_json *json = &b->json;
  int limited = instance->processing == META_PROCESSING_LIMITED || is_true(event, "limited_data_use");
  if (!limited && instance->processing == META_PROCESSING_UNSAID) return not_refused;
  if (limited && !instance->country && !instance->state && !is_ip_address(event->ip_override))
    return REFUSAL(REJECT, "missing_ip_override",
                  "limited data use without country and state needs the visitor's address, by "
                  "which Meta finds them");
  relais_json_key(json, RELAIS_STR("data_processing_options"));
  relais_json_begin_array(json);
  if (limited) relais_json_string(json, RELAIS_STR("LDU"));
  relais_json_end_array(json);
  if (!limited) return not_refused;
  relais_json_put_int(json, RELAIS_STR("data_processing_options_country"), instance->country);
  relais_json_put_int(json, RELAIS_STR("data_processing_options_state"), instance->state);
  return not_refused;
}

/* opt_out keeps an event for attribution and out of the choice of whom to show advertisements. A
 * visitor who refused personalised advertising says the same. */
static void write_opt_out(batch *b, const relais_event *event) {
  relais_str personal = params_text(event->consent, "ad_personalization");
  if (b->instance->opts_out || is_true(event, "opt_out") || text_is(personal, "denied"))
    relais_json_put_bool(&b->json, RELAIS_STR("opt_out"), 1);
}

static void write_original(batch *b, const relais_event *event) {
  relais_json *json = &b->json;
  relais_json_mark before = json->at;
  relais_json_key(json, RELAIS_STR("original_event_data"));
  relais_json_begin_object(json);
  if (put_fields(b, &b->instance->params, "original_event_data", event, META_OMITTED_FIELD)) {
    relais_json_end_object(json);
  } else {
    relais_json_rewind(json, before);
  }
}

refusal meta_write_event(batch *b, const relais_event *event) {
  const relais_instance *instance = b->instance;
  relais_json *json = &b->json;
  relais_str name = meta_event_name(event);
  refusal why = check_name(instance, b->call, event, name);
  if (why.reason.ptr) return why;
  relais_str source = action_source(b, event);
  int64_t time_ms = event_time_ms(b->call, event);
  if (is_too_old(b->call, time_ms, source))
    return REFUSAL(REJECT, "too_old",
                  "Meta takes events for 7 days, those of action_source physical_store for 62");
  why = meta_check_money(event, name);
  if (!why.reason.ptr) why = check_messaging(instance, event, source);
  if (why.reason.ptr) return why;

  relais_json_begin_object(json);
  put_text(json, "event_name", name);
  relais_json_put_int(json, RELAIS_STR("event_time"), time_ms / SECOND_MS);
  put_text(json, "event_id", event_shared_id(instance->purchase_by_transaction, event));
  put_text(json, "action_source", source);
  why = write_place(b, event, source);
  if (!why.reason.ptr) why = write_processing(b, event);
  if (why.reason.ptr) return why;
  if (!meta_write_user_data(b, event, time_ms))
    return REFUSAL(REJECT, "weak_identity",
                  "nothing that Meta can match: it needs an e-mail address, phone, external id, "
                  "_fbp, _fbc or fbclid, or the address of the browser");
  meta_write_custom_data(b, event, name);
  write_opt_out(b, event);
  if (instance->params.count) {
    write_original(b, event);
    put_fields(b, &instance->params, "", event, META_OMITTED_FIELD);
  }
  relais_json_end_object(json);
  return not_refused;
}
