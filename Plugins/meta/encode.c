/* Events to requests: one request a call, more when it would be too large.
 * SPDX-License-Identifier: Apache-2.0 */
#include "meta.h"

static const omission omissions[META_OMISSIONS] = {
  [META_OMITTED_CURRENCY] = {RELAIS_WARNING,
                             "currency is not in ISO 4217: sent without value and currency"},
  [META_OMITTED_VALUE] = {RELAIS_INFO,
                          "value without a currency, or no finite number: sent without it"},
  [META_OMITTED_ITEM] = {RELAIS_WARNING,
                         "item without the id that content_id names: left out of contents"},
  [META_OMITTED_CONTENT_IDS] = {RELAIS_WARNING,
                                "content_ids is no list of texts: sent without it"},
  [META_OMITTED_IP] = {RELAIS_WARNING, "ip_override is no IP address: sent without it"},
  [META_OMITTED_COOKIE] = {RELAIS_INFO, "_fbp or _fbc is malformed: sent without it"},
  [META_OMITTED_CLICK_ID] = {RELAIS_INFO, "fbclid is malformed: sent without it"},
  [META_OMITTED_ACTION_SOURCE] = {RELAIS_WARNING,
                                  "unknown action_source: the configured one is used"},
  [META_OMITTED_REFERRER] = {RELAIS_INFO,
                             "page_referrer is no http or https URL: sent without it"},
  [META_OMITTED_DELIVERY_CATEGORY] = {RELAIS_WARNING,
                                      "delivery_category is none of in_store, curbside and "
                                      "home_delivery: sent without it"},
  [META_OMITTED_FIELD] = {RELAIS_WARNING,
                          "value that does not have the type of the field that params names: sent "
                          "without it"},
};

/* Room for what stands behind `data`. */
static size_t tail_size(const relais_instance *instance) {
  return 128 + (instance->test_event_code ? strlen(instance->test_event_code) * 6 : 0);
}

static void open_body(batch *b) {
  relais_json_begin_object(&b->json);
  relais_json_key(&b->json, RELAIS_STR("data"));
  relais_json_begin_array(&b->json);
}

static void close_body(batch *b) {
  relais_json_end_array(&b->json);
  relais_json_put_string(&b->json, RELAIS_STR("test_event_code"),
                         text_of(meta_test_code(b->instance, b->call)));
  relais_json_put_string(&b->json, RELAIS_STR("partner_agent"),
                         text_of(b->instance->partner_agent));
  relais_json_end_object(&b->json);
}

static relais_status send_request(batch *b, relais_request *request) {
  const relais_header headers[] = {
      {RELAIS_STR("Authorization"), text_of(b->instance->authorization)},
      {RELAIS_STR("Content-Type"), RELAIS_STR("application/json")},
  };
  request->url = text_of(b->instance->url);
  request->headers = (relais_list){headers, sizeof headers / sizeof *headers, sizeof *headers};
  return b->output->request(b->output->ctx, request);
}

static const batch_vendor vendor = {
    .max_events = META_MAX_EVENTS,
    .max_bytes = META_MAX_BYTES,
    .usual_bytes = 1200,
    .too_large = "larger than the 1,000,000 bytes that a request may have",
    .omissions = omissions,
    .omission_count = META_OMISSIONS,
    .tail_size = tail_size,
    .open = open_body,
    .write = meta_write_event,
    .close = close_body,
    .send = send_request,
};

relais_status meta_encode(relais_instance *instance, const relais_call *call, relais_list events,
                          const relais_output *output) {
  if (instance->test_event_code && !meta_test_code(instance, call))
    call->diagnose(call->ctx, RELAIS_WARNING, RELAIS_STR("/test_until"),
                   RELAIS_STR(META_TEST_IS_OVER));
  return batch_encode(&vendor, instance, call, events, output);
}
