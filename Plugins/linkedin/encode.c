/* Events to requests: one for each conversion rule, so that a bad rule spoils no other's events.
 * SPDX-License-Identifier: Apache-2.0 */
#include "linkedin.h"

static const omission omissions[LINKEDIN_OMISSIONS] = {
    [LINKEDIN_OMITTED_CURRENCY] = {RELAIS_WARNING,
                                   "currency is not in ISO 4217: sent without conversionValue"},
    [LINKEDIN_OMITTED_VALUE] = {RELAIS_INFO,
                                "value without a currency, or no decimal of a usable size: sent "
                                "without conversionValue"},
    [LINKEDIN_OMITTED_IP] = {RELAIS_INFO, "ip_override is no public IPv4 address: sent without it"},
    [LINKEDIN_OMITTED_CLICK_ID] = {RELAIS_INFO, "li_fat_id is malformed: sent without it"},
    [LINKEDIN_OMITTED_NAMES] = {RELAIS_INFO,
                                "first and last name of one person are not both there with at most "
                                "35 characters: sent without userInfo"},
    [LINKEDIN_OMITTED_LEAD] = {RELAIS_WARNING, "the lead id is malformed: sent without it"},
    [LINKEDIN_OMITTED_FIELD] = {RELAIS_WARNING,
                                "value that is too long, or no text, for the field that params "
                                "names: sent without it"},
};

static size_t tail_size(const relais_instance *instance) {
  (void)instance;
  return 8;
}

static void open_body(batch *b) {
  relais_json_begin_object(&b->json);
  relais_json_key(&b->json, RELAIS_STR("elements"));
  relais_json_begin_array(&b->json);
}

static void close_body(batch *b) {
  relais_json_end_array(&b->json);
  relais_json_end_object(&b->json);
}

static relais_status send_request(batch *b, relais_request *request) {
  const relais_header headers[] = {
      {RELAIS_STR("Authorization"), text_of(b->instance->authorization)},
      {RELAIS_STR("LinkedIn-Version"), text_of(b->instance->version)},
      {RELAIS_STR("X-Restli-Protocol-Version"), RELAIS_STR("2.0.0")},
      {RELAIS_STR("X-RestLi-Method"), RELAIS_STR("BATCH_CREATE")},
      {RELAIS_STR("Content-Type"), RELAIS_STR("application/json")},
  };
  /* eventId removes the copy of the Insight Tag; of a second one by this way no page speaks. */
  request->flags = RELAIS_REQUEST_PART;
  request->note = text_of(((linkedin_batch *)b)->rule->part);
  request->url = text_of(b->instance->url);
  request->headers = (relais_list){headers, sizeof headers / sizeof *headers, sizeof *headers};
  return b->output->request(b->output->ctx, request);
}

static const batch_vendor vendor = {
    .max_events = LINKEDIN_MAX_EVENTS,
    .max_bytes = LINKEDIN_MAX_BYTES,
    .usual_bytes = 500,
    .too_large = "larger than the 1,000,000 bytes that a request may have",
    .omissions = omissions,
    .omission_count = LINKEDIN_OMISSIONS,
    .tail_size = tail_size,
    .open = open_body,
    .write = linkedin_write_event,
    .close = close_body,
    .send = send_request,
};

static int is_done(const relais_event *event, const linkedin_rule *rule) {
  if (!RELAIS_HAS(event, relais_event, done)) return 0;
  for (uint32_t i = 0; i < event->done.count; i++)
    if (text_is(*RELAIS_AT(event->done, relais_str, i), rule->part)) return 1;
  return 0;
}

/* The rules that an event is a conversion of and that do not have it yet, as bits; or why none. */
static uint64_t rules_of(const relais_instance *instance, const relais_event *event,
                         refusal *why) {
  uint64_t rules = 0;
  int named = 0, met = 0;
  for (size_t i = 0; i < instance->conversion_count; i++) {
    const linkedin_conversion *conversion = &instance->conversions[i];
    if (!text_is(event->event_name, conversion->event)) continue;
    named = 1;
    if (!linkedin_conditions_hold(conversion, event)) continue;
    met = 1;
    if (!is_done(event, &instance->rules[conversion->rule]))
      rules |= UINT64_C(1) << conversion->rule;
  }
  if (rules) return rules;
  *why = met     ? REFUSAL(DROP, "already_delivered", "every rule has had it")
         : named ? REFUSAL(DROP, "condition", "no rule of this event has a `when` that it meets")
                 : REFUSAL(DROP, "not_mapped", "conversions: names no rule for this event");
  return 0;
}

static relais_status add_rule(linkedin_batch *own, const uint64_t *rules, uint64_t bit) {
  batch *b = &own->batch;
  relais_status status = RELAIS_OK;
  batch_begin(b);
  for (uint32_t i = 0; i < b->events.count && !status; i++)
    if (rules[i] & bit) status = batch_add(b, i);
  return status ? status : batch_finish(b);
}

relais_status linkedin_encode(relais_instance *instance, const relais_call *call,
                              relais_list events, const relais_output *output) {
  linkedin_batch own = {.rule = NULL};
  relais_status status = RELAIS_OK;
  uint64_t all = 0;
  if (!events.count) return RELAIS_OK;
  uint64_t *rules = call->alloc(call->ctx, events.count * sizeof *rules, _Alignof(uint64_t));
  if (!rules) return RELAIS_E_NOMEM;
  status = batch_start(&own.batch, &vendor, instance, call, events, output);
  for (uint32_t i = 0; i < events.count && !status; i++) {
    const relais_event *event = RELAIS_AT(events, relais_event, i);
    refusal why = not_refused;
    if (call->cancelled(call->ctx)) return RELAIS_E_CANCELLED;
    rules[i] = rules_of(instance, event, &why);
    if (rules[i]) why = linkedin_judge_event(instance, call, event);
    if (why.reason.ptr) {
      rules[i] = 0;
      status = batch_settle(&own.batch, i, why);
    }
    all |= rules[i];
  }
  for (uint32_t rule = 0; rule < instance->rule_count && !status; rule++) {
    if (!(all & UINT64_C(1) << rule)) continue;
    own.rule = &instance->rules[rule];
    status = add_rule(&own, rules, UINT64_C(1) << rule);
  }
  if (!status) batch_report(&own.batch);
  return status;
}
