/* Reading of configuration in create(). SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAIS_COMMON_CONFIG_H
#define RELAIS_COMMON_CONFIG_H

#include "relais/jansson.h"
#include "relais/plugin.h"
#include "text.h"

/* Names of event parameters that the configuration lists. Texts end with NUL. */
typedef struct config_names {
  char **names;
  size_t count;
} config_names;

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

static inline void config_names_free(config_names *list) {
  for (size_t i = 0; i < list->count; i++) free(list->names[i]);
  free(list->names);
  *list = (config_names){NULL, 0};
}

/* The strings of an array, at most 50, each once. */
static inline relais_status config_names_read(config_names *list, const json_t *config,
                                              const char *key) {
  relais_str names[50];
  size_t count = relais_jansson_strings(config, key, names, 50);
  if (!count) return RELAIS_OK;
  list->names = calloc(count, sizeof *list->names);
  if (!list->names) return RELAIS_E_NOMEM;
  for (size_t i = 0; i < count; i++) {
    int repeated = 0;
    for (size_t j = 0; j < list->count; j++) repeated |= text_is(names[i], list->names[j]);
    if (repeated) continue;
    char *name = relais_jansson_copy(names[i]);
    if (!name) return RELAIS_E_NOMEM;
    list->names[list->count++] = name;
  }
  return RELAIS_OK;
}

#endif
