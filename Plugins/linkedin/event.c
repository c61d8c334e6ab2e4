/* One event as an element of `elements`, and whether it may become one ("Schema").
 * SPDX-License-Identifier: Apache-2.0 */
#include "linkedin.h"

enum { SECOND_MS = 1000 };
static const int64_t day_ms = 86400LL * SECOND_MS;

/* LinkedIn judges the age on arrival, and one event outside takes the whole request with it. */
static const int64_t age_margin_ms = 60 * SECOND_MS;

/* An event of the future is refused, and LinkedIn's clock may be behind ours. Counted from when the
 * event was received, so that every attempt says the same time. */
static const int64_t clock_margin_ms = 2 * SECOND_MS;

static int64_t happened_ms(const relais_call *call, const relais_event *event) {
  int64_t happened = event_time_ms(call, event), received = event->received_micros / 1000;
  if (received <= 0 || received > call->now_ms) received = call->now_ms;
  int64_t latest = received - clock_margin_ms;
  return happened > latest ? latest : happened;
}

refusal linkedin_judge_event(const relais_instance *instance, const relais_call *call,
                             const relais_event *event) {
  if (event->flags & RELAIS_EVENT_TEST)
    return REFUSAL(DROP, "test_event",
                   "LinkedIn has no test mode and would count it as a conversion");
  if (call->now_ms - happened_ms(call, event) > 90 * day_ms - age_margin_ms)
    return REFUSAL(REJECT, "too_old", "LinkedIn takes events for 90 days");
  if (event->value.text.ptr && event->value.value < 0)
    return REFUSAL(REJECT, "negative_value", "a conversion cannot have a negative value");
  if (text_characters(event_shared_id(instance->purchase_by_transaction, event)) >
      LINKEDIN_MAX_EVENT_ID)
    return REFUSAL(REJECT, "event_id_too_long",
                   "eventId may have 64 characters; a shortened one would not be the browser's");
  if (!linkedin_write_user(NULL, instance, event))
    return REFUSAL(REJECT, "no_identifier",
                   "nothing that LinkedIn can match: it needs an e-mail address, li_fat_id or a "
                   "public IPv4 address");
  return not_refused;
}

refusal linkedin_write_event(batch *b, const relais_event *event) {
  const linkedin_batch *own = (const linkedin_batch *)b;
  relais_json *json = &b->json;
  relais_json_begin_object(json);
  put_text(json, "conversion", text_of(own->rule->urn));
  relais_json_put_int(json, RELAIS_STR("conversionHappenedAt"), happened_ms(b->call, event));
  linkedin_write_value(b, event);
  linkedin_write_user(b, b->instance, event);
  put_text(json, "eventId", event_shared_id(b->instance->purchase_by_transaction, event));
  relais_json_end_object(json);
  return not_refused;
}
