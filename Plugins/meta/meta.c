/* Meta Conversions API: configuration, and the plugin's table.
 * SPDX-License-Identifier: Apache-2.0 */
#include "../common/config.h"
#include "manifest.h"
#include "meta.h"

static void meta_destroy(relais_instance *instance) {
  free(instance->url);
  free(instance->authorization);
  free(instance->test_event_code);
  free(instance->action_source);
  free(instance->content_id);
  config_names_free(&instance->custom_parameters);
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

static relais_status read_token(relais_instance *instance, const relais_call *call,
                                const json_t *config) {
  const relais_str none = {NULL, 0};
  relais_str token = relais_jansson_string(config, "access_token", none);
  if (!text_visible(token, 8192))
    return config_refuse(
        call, RELAIS_STR("/access_token"),
        RELAIS_STR("empty, or with white space or characters that no token has; copy it again from "
                   "Events Manager, Settings, Generate access token"));
  const relais_str parts[] = {RELAIS_STR("Bearer "), token};
  instance->authorization = config_join(parts, 2);
  return instance->authorization ? RELAIS_OK : RELAIS_E_NOMEM;
}

static relais_status read_choices(relais_instance *instance, const relais_call *call,
                                  const json_t *config) {
  relais_str source = relais_jansson_string(config, "action_source", RELAIS_STR("website"));
  if (!meta_is_action_source(source))
    return config_refuse(call, RELAIS_STR("/action_source"),
                         RELAIS_STR("use website, email, phone_call, chat, physical_store, "
                                    "system_generated or other"));
  instance->action_source = relais_jansson_copy(source);
  if (!instance->action_source) return RELAIS_E_NOMEM;
  relais_status status = config_content_id(call, config, &instance->content_id);
  if (!status) status = config_optional(config, "test_event_code", &instance->test_event_code);
  if (!status)
    status = config_names_read(&instance->custom_parameters, config, "custom_parameters");
  return status;
}

static relais_status read_config(relais_instance *instance, const relais_call *call,
                                 const json_t *config) {
  relais_status status = read_url(instance, call, config);
  if (!status) status = read_token(instance, call, config);
  if (!status) status = read_choices(instance, call, config);
  return status;
}

static relais_status meta_create(const relais_host *host, const relais_call *call,
                                 relais_str config, relais_instance **out) {
  (void)host;
  return config_create(call, config, sizeof **out, read_config, meta_destroy, out);
}

RELAIS_MANIFEST(RELAIS_MANIFEST_JSON);
RELAIS_PLUGIN(meta_create, meta_destroy, meta_encode, meta_classify);
