#define ID "good"
#include "support.h"

RELAIS_MANIFEST(MANIFEST);

static relais_status create(const relais_host *host, const relais_call *call, relais_str config,
                            relais_instance **out) {
  relais_status status = support_create(host, call, config, out);
  if (status != RELAIS_OK) return status;
  if (strstr((*out)->config, "\"mode\":\"refuse\"")) {
    call->diagnose(call->ctx, RELAIS_ERROR, RELAIS_STR("/mode"), RELAIS_STR("this mode is refused"));
    support_destroy(*out);
    *out = NULL;
    return RELAIS_E_CONFIG;
  }
  (*out)->counter = host->metric(host->ctx, RELAIS_STR("events_seen"), RELAIS_STR("events"));
  host->log(host->ctx, RELAIS_INFO, RELAIS_STR("created"));
  return RELAIS_OK;
}

static relais_status encode(relais_instance *instance, const relais_call *call, relais_list events,
                            const relais_output *output) {
  instance->host->metric_add(instance->host->ctx, instance->counter, events.count);
  return support_encode(instance, call, events, output);
}

static relais_status classify(relais_instance *instance, const relais_call *call, const relais_exchange *exchange,
                              const relais_output *output) {
  (void)instance;
  (void)call;
  relais_verdict verdict = {.struct_size = sizeof verdict, .code = RELAIS_REJECT,
                            .reason = RELAIS_STR("Vendor Says-No"), .detail = exchange->body};
  if (exchange->status == 207 && exchange->event_count > 0) {
    output->settle(output->ctx, 0, &verdict);
    verdict.code = RELAIS_DELIVERED;
    verdict.reason = (relais_str){0};
    output->settle(output->ctx, RELAIS_ALL_EVENTS, &verdict);
  }
  return RELAIS_OK;
}

RELAIS_PLUGIN(create, support_destroy, encode, classify);
