/* Meta Conversions API: configuration, and the plugin's table.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "manifest.h"
#include "meta.h"
#include "relais/jansson.h"

static void meta_destroy(relais_instance *instance) {
  if (!instance) return;
  free(instance->url);
  free(instance->authorization);
  free(instance->test_event_code);
  free(instance->action_source);
  free(instance->content_id);
  for (size_t i = 0; i < instance->custom_parameter_count; i++)
    free(instance->custom_parameters[i]);
  free(instance->custom_parameters);
  free(instance);
}

static int is_digits(relais_str text, size_t limit) {
  if (!text.len || text.len > limit) return 0;
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] < '0' || text.ptr[i] > '9') return 0;
  return 1;
}

/* "v26.0" */
static int is_version(relais_str text) {
  const char *dot = text.len > 3 && text.len < 16 ? memchr(text.ptr, '.', text.len) : NULL;
  if (!dot || text.ptr[0] != 'v') return 0;
  size_t major = (size_t)(dot - text.ptr) - 1;
  return is_digits((relais_str){text.ptr + 1, major}, 8) &&
         is_digits((relais_str){dot + 1, text.len - major - 2}, 8);
}

/* Visible ASCII only: what can stand in a header. */
static int is_token(relais_str text) {
  if (!text.len || text.len > 8192) return 0;
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] <= 0x20 || text.ptr[i] >= 0x7f) return 0;
  return 1;
}

static relais_status refuse(const relais_call *call, relais_str pointer, relais_str message) {
  call->diagnose(call->ctx, RELAIS_ERROR, pointer, message);
  return RELAIS_E_CONFIG;
}

/* The texts joined, in memory for free(). */
static char *join(const relais_str *parts, size_t count) {
  size_t length = 1, at = 0;
  for (size_t i = 0; i < count; i++) length += parts[i].len;
  char *text = malloc(length);
  if (!text) return NULL;
  for (size_t i = 0; i < count; i++) {
    if (parts[i].len) memcpy(text + at, parts[i].ptr, parts[i].len);
    at += parts[i].len;
  }
  text[at] = '\0';
  return text;
}

static relais_status read_url(relais_instance *instance, const relais_call *call,
                              const json_t *config) {
  const relais_str none = {NULL, 0};
  relais_str base =
      relais_jansson_string(config, "endpoint", RELAIS_STR("https://graph.facebook.com"));
  relais_str version = relais_jansson_string(config, "api_version", RELAIS_STR("v26.0"));
  relais_str pixel = relais_jansson_string(config, "pixel_id", none);
  if (!is_digits(pixel, 32))
    return refuse(call, RELAIS_STR("/pixel_id"),
                  RELAIS_STR("the pixel's id is a row of digits; write it in quotes"));
  if (!is_version(version))
    return refuse(call, RELAIS_STR("/api_version"),
                  RELAIS_STR("not a Graph API version; write it as v26.0"));
  while (base.len && base.ptr[base.len - 1] == '/') base.len -= 1;
  if (!is_token(base) || base.len > 2048)
    return refuse(call, RELAIS_STR("/endpoint"), RELAIS_STR("not a URL; write https://host"));
  const relais_str parts[] = {base, RELAIS_STR("/"), version, RELAIS_STR("/"), pixel,
                              RELAIS_STR("/events")};
  instance->url = join(parts, sizeof parts / sizeof *parts);
  return instance->url ? RELAIS_OK : RELAIS_E_NOMEM;
}

static relais_status read_token(relais_instance *instance, const relais_call *call,
                                const json_t *config) {
  const relais_str none = {NULL, 0};
  relais_str token = relais_jansson_string(config, "access_token", none);
  if (!is_token(token))
    return refuse(call, RELAIS_STR("/access_token"),
                  RELAIS_STR("empty, or with white space or characters that no token has; copy it "
                             "again from Events Manager, Settings, Generate access token"));
  const relais_str parts[] = {RELAIS_STR("Bearer "), token};
  instance->authorization = join(parts, 2);
  return instance->authorization ? RELAIS_OK : RELAIS_E_NOMEM;
}

static relais_status read_choices(relais_instance *instance, const relais_call *call,
                                  const json_t *config) {
  const relais_str none = {NULL, 0};
  relais_str source = relais_jansson_string(config, "action_source", RELAIS_STR("website"));
  relais_str content = relais_jansson_string(config, "content_id", RELAIS_STR("item_id"));
  relais_str code = relais_jansson_string(config, "test_event_code", none);
  if (!meta_is_action_source(source))
    return refuse(call, RELAIS_STR("/action_source"),
                  RELAIS_STR("use website, email, phone_call, chat, physical_store, "
                             "system_generated or other"));
  if (!meta_is(content, "item_id") && !meta_is(content, "item_variant") &&
      !meta_is(content, "item_name"))
    return refuse(call, RELAIS_STR("/content_id"),
                  RELAIS_STR("use item_id, item_variant or item_name"));
  instance->action_source = relais_jansson_copy(source);
  instance->content_id = relais_jansson_copy(content);
  if (!meta_blank(code)) instance->test_event_code = relais_jansson_copy(code);
  if (!instance->action_source || !instance->content_id ||
      (!meta_blank(code) && !instance->test_event_code))
    return RELAIS_E_NOMEM;
  return RELAIS_OK;
}

static relais_status read_custom_parameters(relais_instance *instance, const json_t *config) {
  relais_str names[50];
  size_t count = relais_jansson_strings(config, "custom_parameters", names, 50);
  if (!count) return RELAIS_OK;
  instance->custom_parameters = calloc(count, sizeof *instance->custom_parameters);
  if (!instance->custom_parameters) return RELAIS_E_NOMEM;
  for (size_t i = 0; i < count; i++) {
    int repeated = 0;
    for (size_t j = 0; j < instance->custom_parameter_count; j++)
      repeated |= meta_is(names[i], instance->custom_parameters[j]);
    if (repeated) continue;
    char *name = relais_jansson_copy(names[i]);
    if (!name) return RELAIS_E_NOMEM;
    instance->custom_parameters[instance->custom_parameter_count++] = name;
  }
  return RELAIS_OK;
}

static relais_status meta_create(const relais_host *host, const relais_call *call,
                                 relais_str config,
                                 relais_instance **out) {
  relais_status status = RELAIS_E_NOMEM;
  relais_instance *instance = NULL;
  json_t *json = relais_jansson_config(config, NULL);
  (void)host;
  *out = NULL;
  if (!json) {
    status = refuse(call, RELAIS_STR(""), RELAIS_STR("the configuration is not a JSON object"));
    goto out;
  }
  instance = calloc(1, sizeof *instance);
  if (!instance) goto out;
  status = read_url(instance, call, json);
  if (!status) status = read_token(instance, call, json);
  if (!status) status = read_choices(instance, call, json);
  if (!status) status = read_custom_parameters(instance, json);
  if (!status) {
    *out = instance;
    instance = NULL;
  }
out:
  meta_destroy(instance);
  json_decref(json);
  return status;
}

RELAIS_MANIFEST(RELAIS_MANIFEST_JSON);
RELAIS_PLUGIN(meta_create, meta_destroy, meta_encode, meta_classify);
