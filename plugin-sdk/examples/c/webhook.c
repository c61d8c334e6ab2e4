/* webhook.c - a destination for Relais: posts every event, as JSON, to a URL of yours.
 * Whoever receives it removes repeats by "event_id", or answers 409 to them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <relais/jansson.h>
#include <relais/plugin.h>
#include <stdlib.h>
#include <string.h>

struct relais_instance {
  char *url;
  char *authorization; /* NULL: no such header */
};

static relais_str text(const char *string) {
  return (relais_str){string, string ? strlen(string) : 0};
}

static void webhook_destroy(relais_instance *self) {
  free(self->url);
  free(self->authorization);
  free(self);
}

/* Once for each destination that names this plugin. The host has checked the configuration. */
static relais_status webhook_create(const relais_host *host, const relais_call *call,
                                    relais_str config, relais_instance **out) {
  (void)host, (void)call;
  const relais_str absent = {NULL, 0};
  json_t *json = relais_jansson_config(config, NULL);
  relais_str secret = relais_jansson_string(json, "authorization", absent);
  relais_instance *self = calloc(1, sizeof *self);
  relais_status status = RELAIS_E_NOMEM;
  if (!json || !self) goto out;
  self->url = relais_jansson_copy(relais_jansson_string(json, "endpoint", absent));
  self->authorization = relais_jansson_copy(secret);
  if (!self->url || (secret.ptr && !self->authorization)) goto out;
  *out = self;
  status = RELAIS_OK;

out:
  if (status && self) webhook_destroy(self);
  json_decref(json);
  return status;
}

/* Events in, requests out: every event is in one request, or is settled here. */
static relais_status webhook_encode(relais_instance *self, const relais_call *call,
                                    relais_list events, const relais_output *output) {
  (void)call;
  const relais_header headers[] = {{RELAIS_STR("Content-Type"), RELAIS_STR("application/json")},
                                   {RELAIS_STR("Authorization"), text(self->authorization)}};
  const relais_verdict test = {.struct_size = sizeof test,
                               .code = RELAIS_DROP,
                               .reason = RELAIS_STR("test_event")};
  const uint32_t header_count = self->authorization ? 2 : 1;
  relais_status status = RELAIS_OK;
  for (uint32_t i = 0; i < events.count && status == RELAIS_OK; i++) {
    const relais_event *event = RELAIS_AT(events, relais_event, i);
    if (event->flags & RELAIS_EVENT_TEST) {
      status = output->settle(output->ctx, i, &test);
      continue;
    }
    const relais_request request = {.struct_size = sizeof request,
                                    .url = text(self->url),
                                    .headers = {headers, header_count, sizeof *headers},
                                    .body = event->event_json,
                                    .events = {&i, 1, sizeof i}};
    status = output->request(output->ctx, &request);
  }
  return status;
}

/* What an answer means. Of others the host's policy decides: 2xx is delivered, 5xx tried again. */
static relais_status webhook_classify(relais_instance *self, const relais_call *call,
                                      const relais_exchange *exchange,
                                      const relais_output *output) {
  (void)self, (void)call;
  relais_verdict verdict = {.struct_size = sizeof verdict};
  if (exchange->status == 409) {
    verdict.code = RELAIS_DELIVERED;
    verdict.reason = RELAIS_STR("had_it_already");
  } else if (exchange->status == 410) {
    verdict.code = RELAIS_AUTH_STOP;
    verdict.reason = RELAIS_STR("endpoint_gone");
  } else {
    return RELAIS_OK;
  }
  return output->settle(output->ctx, RELAIS_ALL_EVENTS, &verdict);
}

RELAIS_MANIFEST_FILE("manifest.json");
RELAIS_PLUGIN(webhook_create, webhook_destroy, webhook_encode, webhook_classify);
