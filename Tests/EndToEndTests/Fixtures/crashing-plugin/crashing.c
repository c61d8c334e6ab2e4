#define _GNU_SOURCE
/* Sends events to a Conversions API endpoint as they are, and follows a null pointer on one whose id says "segfault",
 * and never returns from one whose id says "hang". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <relais/plugin.h>

#include "manifest.h"
RELAIS_MANIFEST(RELAIS_MANIFEST_JSON);

struct relais_instance {
  char url[512];
};

static int contains(relais_str text, const char *word) {
  return text.ptr && memmem(text.ptr, text.len, word, strlen(word)) != NULL;
}

static relais_status create(const relais_host *host, const relais_call *call, relais_str config,
                            relais_instance **out) {
  static const char key[] = "\"endpoint\"";
  const char *at = memmem(config.ptr, config.len, key, sizeof(key) - 1);
  const char *end = config.ptr + config.len, *first, *last;
  relais_instance *instance = NULL;
  (void)host;
  (void)call;
  if (!at) return RELAIS_E_CONFIG;
  at += sizeof(key) - 1;
  first = memchr(at, '"', (size_t)(end - at));
  last = first ? memchr(first + 1, '"', (size_t)(end - first - 1)) : NULL;
  if (!last || last - first > 400) return RELAIS_E_CONFIG;
  instance = calloc(1, sizeof(*instance));
  if (!instance) return RELAIS_E_NOMEM;
  snprintf(instance->url, sizeof(instance->url), "%.*s/v26.0/123456789012345/events", (int)(last - first - 1),
           first + 1);
  *out = instance;
  return RELAIS_OK;
}

static void destroy(relais_instance *instance) { free(instance); }

static relais_status encode(relais_instance *instance, const relais_call *call, relais_list events,
                            const relais_output *output) {
  size_t room = 256 + 512 * (size_t)events.count, used;
  char *body = call->alloc(call->ctx, room, 1);
  uint32_t *indexes = call->alloc(call->ctx, sizeof(uint32_t) * (events.count + 1), sizeof(uint32_t));
  relais_header headers[] = {{RELAIS_STR("content-type"), RELAIS_STR("application/json")},
                             {RELAIS_STR("authorization"), RELAIS_STR("Bearer crashing-plugin-token")}};
  relais_request request = {0};
  if (!body || !indexes) return RELAIS_E_NOMEM;
  used = (size_t)snprintf(body, room, "{\"data\":[");
  for (uint32_t i = 0; i < events.count; i++) {
    const relais_event *event = RELAIS_AT(events, relais_event, i);
    if (contains(event->event_id, "segfault")) {
      const char *volatile nowhere = NULL;
      body[0] = *nowhere;
    }
    while (contains(event->event_id, "hang")) {
    }
    if (event->event_id.len > 64) return RELAIS_E_FAILED;
    used += (size_t)snprintf(body + used, room - used,
                             "%s{\"event_name\":\"Purchase\",\"event_time\":%lld,\"event_id\":\"%.*s\","
                             "\"action_source\":\"system_generated\",\"user_data\":{\"external_id\":\"x\"},"
                             "\"custom_data\":{\"currency\":\"EUR\",\"value\":1}}",
                             i ? "," : "", (long long)(event->timestamp_micros / 1000000), (int)event->event_id.len,
                             event->event_id.ptr);
    indexes[i] = i;
  }
  used += (size_t)snprintf(body + used, room - used, "]}");
  request.struct_size = sizeof(request);
  request.method = RELAIS_STR("POST");
  request.url = (relais_str){instance->url, strlen(instance->url)};
  request.headers = (relais_list){headers, 2, sizeof(headers[0])};
  request.body = (relais_str){body, used};
  request.events = (relais_list){indexes, events.count, sizeof(*indexes)};
  return output->request(output->ctx, &request);
}

RELAIS_PLUGIN(create, destroy, encode, NULL);
