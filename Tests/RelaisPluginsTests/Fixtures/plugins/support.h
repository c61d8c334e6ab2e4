/* Shared by the test plugins: a manifest, an instance, and a request for every event. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <relais/plugin.h>

#ifndef ID
#define ID "test"
#endif
#ifndef EXTRA
#define EXTRA
#endif

#define MANIFEST                                                                                              \
  "{\"manifest\":1,\"id\":\"" ID "\",\"name\":\"Test\",\"version\":\"1.0.0\",\"license\":\"Apache-2.0\","       \
  "\"abi\":\"1.0\",\"event_schema\":\"1\",\"config_schema\":{\"type\":\"object\",\"properties\":{"            \
  "\"endpoint\":{\"type\":\"string\",\"format\":\"uri\"},"                                                    \
  "\"token\":{\"type\":\"string\",\"secret\":true,\"x-env\":\"TEST_TOKEN\"},"                                 \
  "\"mode\":{\"type\":\"string\",\"default\":\"plain\"},"                                                      \
  "\"params\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}}},"                            \
  "\"user_data\":{\"email\":[\"lower\"],\"phone\":[\"digits\"],\"city\":[\"google\"]},"                       \
  "\"clear\":[\"first_name\"]," EXTRA "\"hosts\":[\"vendor.example\"]}"

struct relais_instance {
  char *config;
  const relais_host *host;
  uint32_t counter;
};

static inline relais_status support_create(const relais_host *host, const relais_call *call, relais_str config,
                                           relais_instance **out) {
  (void)call;
  relais_instance *instance = calloc(1, sizeof *instance);
  if (!instance) return RELAIS_E_NOMEM;
  instance->config = malloc(config.len + 1);
  if (!instance->config) {
    free(instance);
    return RELAIS_E_NOMEM;
  }
  memcpy(instance->config, config.ptr, config.len);
  instance->config[config.len] = 0;
  instance->host = host;
  *out = instance;
  return RELAIS_OK;
}

static inline void support_destroy(relais_instance *instance) {
  free(instance->config);
  free(instance);
}

static inline int support_is(relais_str text, const char *word) {
  return text.ptr && text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

/* One request for all events, its body their ids, a line each. */
static inline relais_status support_encode(relais_instance *instance, const relais_call *call, relais_list events,
                                           const relais_output *output) {
  (void)instance;
  size_t size = 1;
  for (uint32_t i = 0; i < events.count; i++) size += RELAIS_AT(events, relais_event, i)->event_id.len + 1;
  char *body = call->alloc(call->ctx, size, 1);
  uint32_t *indexes = call->alloc(call->ctx, (events.count + 1) * sizeof *indexes, sizeof *indexes);
  if (!body || !indexes) return RELAIS_E_NOMEM;
  size_t length = 0;
  for (uint32_t i = 0; i < events.count; i++) {
    relais_str id = RELAIS_AT(events, relais_event, i)->event_id;
    memcpy(body + length, id.ptr, id.len);
    length += id.len;
    body[length++] = '\n';
    indexes[i] = i;
  }
  relais_header header = {RELAIS_STR("Content-Type"), RELAIS_STR("text/plain")};
  relais_request request = {.struct_size = sizeof request,
                            .url = RELAIS_STR("https://vendor.example/collect"),
                            .headers = {&header, 1, sizeof header},
                            .body = {body, length},
                            .events = {indexes, events.count, sizeof *indexes},
                            .note = RELAIS_STR("note")};
  return output->request(output->ctx, &request);
}

#endif
