/* The configuration of one pixel. SPDX-License-Identifier: Apache-2.0 */
#include "../common/config.h"

#include "../common/date.h"
#include "meta.h"

#define ACTION_SOURCES                                                                         \
  "use website, email, phone_call, chat, physical_store, system_generated, business_messaging " \
  "or other"

static const char *const delivery[] = {"in_store", "curbside", "home_delivery", NULL};
static const char *const channels[] = {"whatsapp", "messenger", "instagram", NULL};
/* "Server event parameters", customer_segmentation. */
static const char *const segments[] = {
    "new_customer_to_business", "new_customer_to_business_line",
    "new_customer_to_product_area", "new_customer_to_medium",
    "existing_customer_to_business", "existing_customer_to_business_line",
    "existing_customer_to_product_area", "existing_customer_to_medium",
    "customer_in_loyalty_program", NULL};

/* Where `params` may put a value: "Server event parameters", "Customer information parameters",
 * "Custom data parameters". What is hashed comes from user_data alone. */
static const vendor_field fields[] = {
    {"", "customer_segmentation", FIELD_WORD, segments},
    {"", "messaging_channel", FIELD_WORD, channels},
    {"user_data", "lead_id", FIELD_INTEGER, NULL},
    {"user_data", "fb_login_id", FIELD_INTEGER, NULL},
    {"user_data", "subscription_id", FIELD_TEXT, NULL},
    {"user_data", "page_id", FIELD_TEXT, NULL},
    {"user_data", "page_scoped_user_id", FIELD_TEXT, NULL},
    {"user_data", "ctwa_clid", FIELD_TEXT, NULL},
    {"user_data", "ig_account_id", FIELD_TEXT, NULL},
    {"user_data", "ig_sid", FIELD_TEXT, NULL},
    {"user_data", "whatsapp_business_account_id", FIELD_TEXT, NULL},
    {"user_data", "partner_id", FIELD_TEXT, NULL},
    {"user_data", "partner_name", FIELD_TEXT, NULL},
    {"original_event_data", "event_name", FIELD_TEXT, NULL},
    {"original_event_data", "event_time", FIELD_INTEGER, NULL},
    {"original_event_data", "order_id", FIELD_TEXT, NULL},
    {"original_event_data", "event_id", FIELD_TEXT, NULL},
    {"custom_data", "value", FIELD_OWN, NULL},
    {"custom_data", "currency", FIELD_OWN, NULL},
    {"custom_data", "contents", FIELD_OWN, NULL},
    {"custom_data", "content_ids", FIELD_OWN, NULL},
    {"custom_data", "content_type", FIELD_OWN, NULL},
    {"custom_data", "content_name", FIELD_TEXT, NULL},
    {"custom_data", "content_category", FIELD_TEXT, NULL},
    {"custom_data", "order_id", FIELD_TEXT, NULL},
    {"custom_data", "search_string", FIELD_TEXT, NULL},
    {"custom_data", "status", FIELD_TEXT, NULL},
    {"custom_data", "item_number", FIELD_TEXT, NULL},
    {"custom_data", "delivery_category", FIELD_WORD, delivery},
    {"custom_data", "num_items", FIELD_INTEGER, NULL},
    {"custom_data", "predicted_ltv", FIELD_NUMBER, NULL},
    {"custom_data", "net_revenue", FIELD_NUMBER, NULL},
    {"custom_data", NULL, FIELD_ANY, NULL},
};

void meta_destroy(relais_instance *instance) {
  for (size_t i = 0; i < instance->source_count; i++) {
    free(instance->sources[i].source);
    free(instance->sources[i].action_source);
  }
  free(instance->sources);
  free(instance->url);
  free(instance->authorization);
  free(instance->test_event_code);
  free(instance->partner_agent);
  free(instance->action_source);
  free(instance->content_id);
  field_map_free(&instance->params);
  free(instance);
}

static relais_status read_url(relais_instance *instance, const relais_call *call,
                              const json_t *config) {
  const relais_str none = {NULL, 0};
  relais_str base =
      relais_jansson_string(config, "endpoint", RELAIS_STR("https://graph.facebook.com"));
  relais_str version = relais_jansson_string(config, "api_version", RELAIS_STR("v26.0"));
  relais_str pixel = relais_jansson_string(config, "pixel_id", none);
  if (!text_digits(pixel, 32))
    return config_refuse(call, RELAIS_STR("/pixel_id"),
                         RELAIS_STR("the pixel's id is a row of digits; write it in quotes"));
  if (!config_is_version(version))
    return config_refuse(call, RELAIS_STR("/api_version"),
                         RELAIS_STR("not a Graph API version; write it as v26.0"));
  base = config_base_url(base);
  if (text_blank(base))
    return config_refuse(call, RELAIS_STR("/endpoint"),
                         RELAIS_STR("not a URL; write https://host"));
  const relais_str parts[] = {base, RELAIS_STR("/"), version, RELAIS_STR("/"), pixel,
                              RELAIS_STR("/events")};
  instance->url = config_join(parts, sizeof parts / sizeof *parts);
  return instance->url ? RELAIS_OK : RELAIS_E_NOMEM;
}

/* Meta counts test events as real ones, so a code must not stay by mistake: it has a last day. */
static relais_status read_test(relais_instance *instance, const relais_call *call,
                               const json_t *config) {
  relais_str until = relais_jansson_string(config, "test_until", (relais_str){NULL, 0});
  relais_status status = config_optional(config, "test_event_code", &instance->test_event_code);
  int64_t day = 0;
  if (status) return status;
  if (!text_blank(until) && !date_read(until, &day))
    return config_refuse(call, RELAIS_STR("/test_until"),
                         RELAIS_STR("not a day; write it as \"2026-12-31\""));
  if (!instance->test_event_code) return RELAIS_OK;
  if (text_blank(until))
    return config_refuse(call, RELAIS_STR("/test_event_code"),
                         RELAIS_STR("needs test_until, its last day, such as \"2026-12-31\": Meta "
                                    "counts test events as real ones"));
  instance->test_end_ms = (day + 1) * date_day_ms;
  if (!meta_test_code(instance, call))
    call->diagnose(call->ctx, RELAIS_WARNING, RELAIS_STR("/test_until"),
                   RELAIS_STR(META_TEST_IS_OVER));
  return RELAIS_OK;
}

static relais_status refuse_source(const relais_call *call, const char *source) {
  char pointer[320];
  int length = snprintf(pointer, sizeof pointer, "/action_source/%.250s", source);
  if (length < 0) length = 0;
  return config_refuse(call, (relais_str){pointer, (size_t)length}, RELAIS_STR(ACTION_SOURCES));
}

static relais_status read_sources(relais_instance *instance, const relais_call *call,
                                  json_t *by_source) {
  const char *source;
  json_t *value;
  instance->sources = calloc(json_object_size(by_source) + 1, sizeof *instance->sources);
  if (!instance->sources) return RELAIS_E_NOMEM;
  json_object_foreach(by_source, source, value) {
    relais_str action = relais_jansson_text(value);
    if (!meta_is_action_source(action)) return refuse_source(call, source);
    meta_source *one = &instance->sources[instance->source_count++];
    one->source = relais_jansson_copy(text_of(source));
    one->action_source = relais_jansson_copy(action);
    if (!one->source || !one->action_source) return RELAIS_E_NOMEM;
  }
  return RELAIS_OK;
}

static relais_status read_action_source(relais_instance *instance, const relais_call *call,
                                        const json_t *config) {
  json_t *given = json_object_get(config, "action_source");
  relais_str action = json_is_string(given) ? relais_jansson_text(given) : RELAIS_STR("website");
  if (!meta_is_action_source(action))
    return config_refuse(call, RELAIS_STR("/action_source"), RELAIS_STR(ACTION_SOURCES));
  instance->action_source = relais_jansson_copy(action);
  if (!instance->action_source) return RELAIS_E_NOMEM;
  return json_is_object(given) ? read_sources(instance, call, given) : RELAIS_OK;
}

/* "Data processing options": country and state are both there or neither is. */
static relais_status read_processing(relais_instance *instance, const relais_call *call,
                                     const json_t *config) {
  relais_str options =
      relais_jansson_string(config, "data_processing_options", (relais_str){NULL, 0});
  int has_country = json_is_integer(json_object_get(config, "data_processing_options_country"));
  int has_state = json_is_integer(json_object_get(config, "data_processing_options_state"));
  if (text_is(options, "none")) instance->processing = META_PROCESSING_FULL;
  if (text_is(options, "ldu")) instance->processing = META_PROCESSING_LIMITED;
  if (!text_blank(options) && !instance->processing)
    return config_refuse(call, RELAIS_STR("/data_processing_options"),
                         RELAIS_STR("use ldu or none"));
  if (has_country != has_state)
    return config_refuse(call, has_country ? RELAIS_STR("/data_processing_options_country")
                                           : RELAIS_STR("/data_processing_options_state"),
                         RELAIS_STR("country and state go together, for instance 1 and 1000"));
  instance->country = relais_jansson_int(config, "data_processing_options_country", 0);
  instance->state = relais_jansson_int(config, "data_processing_options_state", 0);
  return RELAIS_OK;
}

/* "Using the API", partner_agent: fewer than 23 characters, at least two of them letters. */
static relais_status read_partner(relais_instance *instance, const relais_call *call,
                                  const json_t *config) {
  relais_str agent = relais_jansson_string(config, "partner_agent", RELAIS_STR("relais-1.0"));
  size_t letters = 0;
  for (size_t i = 0; i < agent.len; i++)
    letters += (agent.ptr[i] | 32) >= 'a' && (agent.ptr[i] | 32) <= 'z';
  if (!text_visible(agent, 22) || letters < 2)
    return config_refuse(call, RELAIS_STR("/partner_agent"),
                         RELAIS_STR("Meta takes up to 22 characters, at least two of them letters"));
  instance->partner_agent = relais_jansson_copy(agent);
  return instance->partner_agent ? RELAIS_OK : RELAIS_E_NOMEM;
}

relais_status meta_read_config(relais_instance *instance, const relais_call *call,
                               const json_t *config) {
  relais_status status = read_url(instance, call, config);
  if (!status)
    status = config_token(call, config, "Bearer ",
                          CONFIG_BAD_TOKEN "Events Manager, Settings, Generate access token",
                          &instance->authorization);
  if (!status) status = read_test(instance, call, config);
  if (!status) status = read_action_source(instance, call, config);
  if (!status) status = read_processing(instance, call, config);
  if (!status) status = read_partner(instance, call, config);
  if (!status) status = config_content_id(call, config, &instance->content_id);
  if (status) return status;
  instance->opts_out = relais_jansson_bool(config, "opt_out", 0);
  instance->purchase_by_transaction = config_purchase_by_transaction(config);
  return field_map_read(
      &instance->params, call, config, fields, sizeof fields / sizeof *fields,
      "Meta has no such field for a parameter; use custom_data.NAME, or one that the plugin's page "
      "lists under params",
      "comes from value, currency and items of the event; use another name");
}
