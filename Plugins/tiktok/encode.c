/* Events to requests: one request a call, more when it would be too large.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tiktok.h"

static const omission omissions[TIKTOK_OMISSIONS] = {
    [TIKTOK_OMITTED_CURRENCY] = {RELAIS_WARNING,
                                 "currency is none that TikTok takes: sent without value, currency "
                                 "and prices"},
    [TIKTOK_OMITTED_VALUE] = {RELAIS_INFO,
                              "value without a currency, or no finite number: sent without it"},
    [TIKTOK_OMITTED_PURCHASE_VALUE] = {RELAIS_WARNING,
                                       "purchase without a value and a currency, which bidding by "
                                       "value needs"},
    [TIKTOK_OMITTED_ITEM] = {RELAIS_WARNING,
                             "item without the id that content_id names: left out of contents"},
    [TIKTOK_OMITTED_QUANTITY] = {RELAIS_INFO,
                                 "quantity is no whole number: item sent without it"},
    [TIKTOK_OMITTED_CONTENT_IDS] = {RELAIS_WARNING,
                                    "content_ids is no list of texts: sent without it"},
    [TIKTOK_OMITTED_IP] = {RELAIS_WARNING, "ip_override is no IP address: sent without it"},
    [TIKTOK_OMITTED_CLICK_ID] = {RELAIS_INFO, "ttclid is malformed: sent without it"},
    [TIKTOK_OMITTED_COOKIE] = {RELAIS_INFO, "_ttp is malformed: sent without it"},
    [TIKTOK_OMITTED_LOCALE] = {RELAIS_INFO, "language is no BCP 47 tag: sent without it"},
    [TIKTOK_OMITTED_REFERRER] = {RELAIS_INFO,
                                 "page_referrer is no http or https URL: sent without it"},
    [TIKTOK_OMITTED_EXTERNAL_ID] = {RELAIS_INFO,
                                    "an event of a shop has no external_id: sent without it"},
    [TIKTOK_OMITTED_FIELD] = {RELAIS_WARNING,
                              "value that does not have the type of the field that params names: "
                              "sent without it"},
};

/* Room for what stands behind `data`. */
static size_t tail_size(const relais_instance *instance) {
  size_t code = instance->test_event_code ? strlen(instance->test_event_code) : 0;
  size_t partner = instance->partner_name ? strlen(instance->partner_name) : 0;
  return 96 + (code + partner) * 6;
}

static void open_body(batch *b) {
  relais_json_begin_object(&b->json);
  put_text(&b->json, "event_source", text_of(tiktok_source_name(b->instance->source)));
  put_text(&b->json, "event_source_id", text_of(b->instance->pixel_code));
  relais_json_key(&b->json, RELAIS_STR("data"));
  relais_json_begin_array(&b->json);
}

static void close_body(batch *b) {
  relais_json_end_array(&b->json);
  put_text(&b->json, "test_event_code", text_of(b->instance->test_event_code));
  put_text(&b->json, "partner_name", text_of(b->instance->partner_name));
  relais_json_end_object(&b->json);
}

static relais_status send_request(batch *b, relais_request *request) {
  const relais_header headers[] = {
      {RELAIS_STR("Access-Token"), text_of(b->instance->access_token)},
      {RELAIS_STR("Content-Type"), RELAIS_STR("application/json")},
  };
  request->url = text_of(b->instance->url);
  request->headers = (relais_list){headers, sizeof headers / sizeof *headers, sizeof *headers};
  return b->output->request(b->output->ctx, request);
}

static const batch_vendor vendor = {
    .max_events = TIKTOK_MAX_EVENTS,
    .max_bytes = TIKTOK_MAX_BYTES,
    .usual_bytes = 1200,
    .too_large = "larger than the 1,000,000 bytes that a request may have",
    .omissions = omissions,
    .omission_count = TIKTOK_OMISSIONS,
    .tail_size = tail_size,
    .open = open_body,
    .write = tiktok_write_event,
    .close = close_body,
    .send = send_request,
};

relais_status tiktok_encode(relais_instance *instance, const relais_call *call, relais_list events,
                            const relais_output *output) {
  return batch_encode(&vendor, instance, call, events, output);
}
