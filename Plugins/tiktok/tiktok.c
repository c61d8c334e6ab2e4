/* TikTok Events API 2.0: configuration, and the plugin's table.
 * SPDX-License-Identifier: Apache-2.0 */
#include "manifest.h"
#include "tiktok.h"

/* Where `params` may put a value: "Parameters", properties and lead. Travel and vehicle catalogues
 * have more of them, so that any other name in `properties` will do. */
static const vendor_field fields[] = {
    {"properties", "value", FIELD_OWN, NULL},
    {"properties", "currency", FIELD_OWN, NULL},
    {"properties", "contents", FIELD_OWN, NULL},
    {"properties", "content_ids", FIELD_OWN, NULL},
    {"properties", "content_type", FIELD_OWN, NULL},
    {"properties", "order_id", FIELD_TEXT, NULL},
    {"properties", "query", FIELD_TEXT, NULL},
    {"properties", "search_string", FIELD_TEXT, NULL},
    {"properties", "description", FIELD_TEXT, NULL},
    {"properties", "status", FIELD_TEXT, NULL},
    {"properties", "shop_id", FIELD_TEXT, NULL},
    {"properties", "delivery_category", FIELD_TEXT, NULL},
    {"properties", "num_items", FIELD_INTEGER, NULL},
    {"properties", "predicted_ltv", FIELD_NUMBER, NULL},
    {"properties", NULL, FIELD_ANY, NULL},
    {"lead", "lead_id", FIELD_TEXT, NULL},
    {"lead", "lead_event_source", FIELD_TEXT, NULL},
};

static void tiktok_destroy(relais_instance *instance) {
  free(instance->url);
  free(instance->access_token);
  free(instance->pixel_code);
  free(instance->test_event_code);
  free(instance->partner_name);
  free(instance->content_id);
  field_map_free(&instance->params);
  free(instance);
}

static relais_status read_url(relais_instance *instance, const relais_call *call,
                              const json_t *config) {
  relais_str base =
      relais_jansson_string(config, "endpoint", RELAIS_STR("https://business-api.tiktok.com"));
  relais_str version = relais_jansson_string(config, "api_version", RELAIS_STR("v1.3"));
  if (!config_is_version(version))
    return config_refuse(call, RELAIS_STR("/api_version"),
                         RELAIS_STR("not a version of TikTok's API; write it as v1.3"));
  base = config_base_url(base);
  if (text_blank(base))
    return config_refuse(call, RELAIS_STR("/endpoint"),
                         RELAIS_STR("not a URL; write https://host"));
  const relais_str parts[] = {base, RELAIS_STR("/open_api/"), version,
                              RELAIS_STR("/event/track/")};
  instance->url = config_join(parts, sizeof parts / sizeof *parts);
  return instance->url ? RELAIS_OK : RELAIS_E_NOMEM;
}

/* Letters and digits; event sets have numbers. */
static int is_code(relais_str text) {
  if (!text_visible(text, 64)) return 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))) return 0;
  }
  return 1;
}

static relais_status read_credentials(relais_instance *instance, const relais_call *call,
                                      const json_t *config) {
  const relais_str none = {NULL, 0};
  relais_str pixel = relais_jansson_string(config, "pixel_code", none);
  if (!is_code(pixel))
    return config_refuse(call, RELAIS_STR("/pixel_code"),
                         RELAIS_STR("the pixel's code is letters and digits; copy it from Events "
                                    "Manager, the pixel, Settings"));
  instance->pixel_code = relais_jansson_copy(pixel);
  if (!instance->pixel_code) return RELAIS_E_NOMEM;
  return config_token(call, config, "",
                      CONFIG_BAD_TOKEN "Events Manager, the pixel, Settings, Generate access token",
                      &instance->access_token);
}

static relais_status read_source(relais_instance *instance, const relais_call *call,
                                 const json_t *config) {
  relais_str names = relais_jansson_string(config, "event_names", RELAIS_STR("new"));
  instance->source =
      tiktok_source_of(relais_jansson_string(config, "event_source", RELAIS_STR("web")));
  if (instance->source == TIKTOK_SOURCES)
    return config_refuse(call, RELAIS_STR("/event_source"), RELAIS_STR("use web, crm or offline"));
  instance->classic_names = text_is(names, "classic");
  if (!instance->classic_names && !text_is(names, "new"))
    return config_refuse(call, RELAIS_STR("/event_names"), RELAIS_STR("use new or classic"));
  instance->limited_data_use = relais_jansson_bool(config, "limited_data_use", 0);
  if (instance->limited_data_use && instance->source != TIKTOK_WEB)
    return config_refuse(call, RELAIS_STR("/limited_data_use"),
                         RELAIS_STR("TikTok has it for event_source web only"));
  return RELAIS_OK;
}

static relais_status read_choices(relais_instance *instance, const relais_call *call,
                                  const json_t *config) {
  relais_status status = config_content_id(call, config, &instance->content_id);
  if (!status) status = config_optional(config, "test_event_code", &instance->test_event_code);
  if (!status) status = config_optional(config, "partner_name", &instance->partner_name);
  instance->purchase_by_transaction = config_purchase_by_transaction(config);
  if (!status)
    status = field_map_read(
        &instance->params, call, config, fields, sizeof fields / sizeof *fields,
        "TikTok has no such field for a parameter; use properties.NAME, lead.lead_id or "
        "lead.lead_event_source",
        "comes from value, currency and items of the event; use another name");
  if (!status && instance->test_event_code)
    call->diagnose(call->ctx, RELAIS_WARNING, RELAIS_STR("/test_event_code"),
                   RELAIS_STR("every event of this destination is a test event, which TikTok does "
                              "not count; take it out in production"));
  return status;
}

static relais_status read_config(relais_instance *instance, const relais_call *call,
                                 const json_t *config) {
  relais_status status = read_url(instance, call, config);
  if (!status) status = read_credentials(instance, call, config);
  if (!status) status = read_source(instance, call, config);
  if (!status) status = read_choices(instance, call, config);
  return status;
}

static relais_status tiktok_create(const relais_host *host, const relais_call *call,
                                 relais_str config, relais_instance **out) {
  (void)host;
  return config_create(call, config, sizeof **out, read_config, tiktok_destroy, out);
}

RELAIS_MANIFEST(RELAIS_MANIFEST_JSON);
RELAIS_PLUGIN(tiktok_create, tiktok_destroy, tiktok_encode, tiktok_classify);
