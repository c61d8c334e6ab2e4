/* Google Analytics 4: the plugin's table and its configuration.
 * SPDX-License-Identifier: Apache-2.0 */
#include "ga4.h"

#include <stdlib.h>
#include <string.h>

#include "manifest.h"
#include "relais/jansson.h"

RELAIS_MANIFEST(RELAIS_MANIFEST_JSON);

static relais_status refuse(const relais_call *call, relais_str pointer, relais_str message) {
  call->diagnose(call->ctx, RELAIS_ERROR, pointer, message);
  return RELAIS_E_CONFIG;
}

/* ^G-[A-Z0-9]+$ */
static int is_measurement_id(const char *text) {
  if (strncmp(text, "G-", 2) != 0 || !text[2]) return 0;
  for (text += 2; *text; text++) {
    if (!(*text >= 'A' && *text <= 'Z') && !(*text >= '0' && *text <= '9')) return 0;
  }
  return 1;
}

/* A base URL to which a path can be added: no query, no fragment, nothing that needs an escape. */
static int is_base_url(const char *text) {
  const char *host;
  if (strncmp(text, "https://", 8) == 0) {
    host = text + 8;
  } else if (strncmp(text, "http://", 7) == 0) {
    host = text + 7;
  } else {
    return 0;
  }
  if (!*host || *host == '/') return 0;
  for (; *host; host++) {
    if (*host <= 0x20 || *host >= 0x7F || strchr("?#\"<>\\^`{|}@", *host)) return 0;
  }
  return 1;
}

/* Without the slashes at its end. */
static char *copy_base(const char *url) {
  relais_str text = {url, strlen(url)};
  while (text.ptr[text.len - 1] == '/') text.len--;
  return relais_jansson_copy(text);
}

static relais_status set_bases(relais_instance *instance, const relais_call *call,
                               const char *endpoint) {
  const char *global = "https://www.google-analytics.com";
  const char *europe = "https://region1.google-analytics.com";
  if (endpoint) {
    if (strlen(endpoint) > 1024 || !is_base_url(endpoint)) {
      return refuse(call, RELAIS_STR("/endpoint"),
                    RELAIS_STR("must be a base URL without query and fragment, such as "
                               "http://127.0.0.1:9191/www.google-analytics.com"));
    }
    global = europe = endpoint;
  }
  instance->global_base = copy_base(global);
  instance->europe_base = copy_base(europe);
  return instance->global_base && instance->europe_base ? RELAIS_OK : RELAIS_E_NOMEM;
}

static relais_status set_identity(relais_instance *instance, const relais_call *call,
                                  const json_t *root) {
  const json_t *id = json_object_get(root, "measurement_id");
  const json_t *secret = json_object_get(root, "api_secret");
  if (!json_is_string(id) || !is_measurement_id(json_string_value(id)) ||
      json_string_length(id) > 64) {
    return refuse(call, RELAIS_STR("/measurement_id"),
                  RELAIS_STR("must be the id of a web stream, such as G-ABC123DEF4 "
                             "(Admin > Data streams)"));
  }
  if (!json_is_string(secret) || json_string_length(secret) == 0 ||
      json_string_length(secret) > 256) {
    return refuse(call, RELAIS_STR("/api_secret"),
                  RELAIS_STR("must be a Measurement Protocol API secret of the stream (Admin > "
                             "Data streams > Measurement Protocol API secrets)"));
  }
  instance->measurement_id = relais_jansson_copy(relais_jansson_text(id));
  instance->api_secret = relais_jansson_copy(relais_jansson_text(secret));
  return instance->measurement_id && instance->api_secret ? RELAIS_OK : RELAIS_E_NOMEM;
}

/* Reads a choice of `usual` (also when absent) and `other`, which sets *flag. 0: it is neither. */
static int read_choice(const json_t *root, const char *key, const char *usual, const char *other,
                       int *flag) {
  const json_t *value = json_object_get(root, key);
  if (!value) return 1;
  if (!json_is_string(value)) return 0;
  *flag = strcmp(json_string_value(value), other) == 0;
  return *flag || strcmp(json_string_value(value), usual) == 0;
}

static relais_status configure(relais_instance *instance, const relais_call *call,
                               const json_t *root) {
  relais_status status = set_identity(instance, call, root);
  if (status != RELAIS_OK) return status;
  if (!read_choice(root, "region", "global", "eu", &instance->europe)) {
    return refuse(call, RELAIS_STR("/region"), RELAIS_STR("must be global or eu"));
  }
  if (!read_choice(root, "transport", "auto", "measurement_protocol",
                   &instance->measurement_protocol_only)) {
    return refuse(call, RELAIS_STR("/transport"),
                  RELAIS_STR("must be auto or measurement_protocol"));
  }
  const json_t *validate = json_object_get(root, "validate");
  if (validate && !json_is_boolean(validate)) {
    return refuse(call, RELAIS_STR("/validate"), RELAIS_STR("must be true or false"));
  }
  instance->validate = json_is_true(validate);
  if (instance->validate && !instance->measurement_protocol_only) {
    call->diagnose(call->ctx, RELAIS_WARNING, RELAIS_STR("/validate"),
                   RELAIS_STR("hits of gtag.js that go to /g/collect are not validated: Google's "
                              "validation server takes Measurement Protocol requests only"));
  }
  const json_t *endpoint = json_object_get(root, "endpoint");
  if (endpoint && !json_is_string(endpoint)) {
    return refuse(call, RELAIS_STR("/endpoint"), RELAIS_STR("must be a string"));
  }
  return set_bases(instance, call, endpoint ? json_string_value(endpoint) : NULL);
}

/* The secret does not outlive the instance; volatile, so that the compiler keeps the stores. */
static void destroy(relais_instance *instance) {
  if (!instance) return;
  if (instance->api_secret) {
    for (volatile char *c = instance->api_secret; *c; c++) *c = 0;
  }
  free(instance->measurement_id);
  free(instance->api_secret);
  free(instance->global_base);
  free(instance->europe_base);
  free(instance);
}

static relais_status create(const relais_host *host, const relais_call *call, relais_str config,
                            relais_instance **out) {
  (void)host;
  relais_status status = RELAIS_E_NOMEM;
  *out = NULL;
  json_t *root = relais_jansson_config(config, NULL);
  relais_instance *instance = calloc(1, sizeof *instance);
  if (!instance) goto out;
  if (!root) {
    status = refuse(call, RELAIS_STR(""), RELAIS_STR("the configuration is not a JSON object"));
    goto out;
  }
  status = configure(instance, call, root);
  if (status == RELAIS_OK) {
    *out = instance;
    instance = NULL;
  }
out:
  destroy(instance);
  json_decref(root);
  return status;
}

RELAIS_PLUGIN(create, destroy, ga4_encode, ga4_classify);
