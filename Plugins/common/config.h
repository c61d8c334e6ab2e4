/* Reading of configuration in create(). SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_CONFIG_H
#define RELAIS_COMMON_CONFIG_H

#include "relais/jansson.h"
#include "relais/plugin.h"
#include "text.h"

static inline relais_status config_refuse(const relais_call *call, relais_str pointer,
                                          relais_str message) {
  call->diagnose(call->ctx, RELAIS_ERROR, pointer, message);
  return RELAIS_E_CONFIG;
}

/* "v26.0" */
static inline int config_is_version(relais_str text) {
  const char *dot = text.len > 3 && text.len < 16 ? memchr(text.ptr, '.', text.len) : NULL;
  if (!dot || text.ptr[0] != 'v') return 0;
  size_t major = (size_t)(dot - text.ptr) - 1;
  return text_digits((relais_str){text.ptr + 1, major}, 8) &&
         text_digits((relais_str){dot + 1, text.len - major - 2}, 8);
}

/* The base URL without slashes at its end; absent when no request could go there. */
static inline relais_str config_base_url(relais_str url) {
  while (url.len && url.ptr[url.len - 1] == '/') url.len -= 1;
  return text_visible(url, 2048) ? url : (relais_str){NULL, 0};
}

/* The texts joined, in memory for free(). */
static inline char *config_join(const relais_str *parts, size_t count) {
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

#define CONFIG_BAD_TOKEN \
  "empty, or with white space or characters that no token has; copy it again from "

/* Reads `access_token` into a header's value, behind `prefix`. bad: what is said of one that no header
 * can carry. */
static inline relais_status config_token(const relais_call *call, const json_t *config,
                                         const char *prefix, const char *bad, char **out) {
  relais_str token = relais_jansson_string(config, "access_token", (relais_str){NULL, 0});
  if (!text_visible(token, 8192))
    return config_refuse(call, RELAIS_STR("/access_token"), text_of(bad));
  const relais_str parts[] = {text_of(prefix), token};
  *out = config_join(parts, 2);
  return *out ? RELAIS_OK : RELAIS_E_NOMEM;
}

typedef relais_status (*config_reader)(relais_instance *, const relais_call *, const json_t *);

/* The whole of create(): `read` fills an instance of `size` bytes that are zero; when it fails, what
 * it has made is destroyed. */
static inline relais_status config_create(const relais_call *call, relais_str config, size_t size,
                                          config_reader read, void (*destroy)(relais_instance *),
                                          relais_instance **out) {
  relais_status status = RELAIS_E_NOMEM;
  relais_instance *instance = NULL;
  json_t *json = relais_jansson_config(config, NULL);
  *out = NULL;
  if (!json) {
    status = config_refuse(call, RELAIS_STR(""),
                           RELAIS_STR("the configuration is not a JSON object"));
    goto out;
  }
  instance = calloc(1, size);
  if (!instance) goto out;
  status = read(instance, call, json);
  if (status) goto out;
  *out = instance;
  instance = NULL;
out:
  if (instance) destroy(instance);
  json_decref(json);
  return status;
}

/* `purchase_id` of the destination: whether a purchase goes out under its transaction_id. */
static inline int config_purchase_by_transaction(const json_t *config) {
  return text_is(relais_jansson_string(config, "purchase_id", (relais_str){NULL, 0}),
                 "transaction_id");
}

#endif
