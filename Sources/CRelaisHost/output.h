/* output.h - collects what a plugin hands to relais_output during one call, under the host's
 * rules. */
#ifndef RELAIS_HOST_OUTPUT_H
#define RELAIS_HOST_OUTPUT_H

#include "rules.h"

enum { HOST_DIAGNOSTIC_LIMIT = 512, HOST_DETAIL_LIMIT = 1024 };
enum { HOST_POINTER_LIMIT = 256, HOST_KEY_LIMIT = 256 };

enum { HOST_PART_LIMIT = 64, HOST_PART_NAME_LIMIT = 64 };

/* An event's place in `assigned`: nothing yet, a request, requests of parts, or a verdict's
 * number + 1. */
enum { HOST_UNASSIGNED = 0 };
#define HOST_REQUESTED UINT32_MAX
#define HOST_IN_PARTS (UINT32_MAX - 1)

typedef struct host_output {
  const relais_host_rules *rules;
  bool active;  /* a call is running */
  bool encodes; /* it is encode, not classify */
  uint32_t event_count;
  uint32_t *assigned; /* of each event */
  uint64_t *parts;    /* of each event: bits of the parts that requests carry, by `part_names` */
  char part_names[HOST_PART_LIMIT][HOST_PART_NAME_LIMIT];
  uint32_t part_count;
  uint32_t for_all;   /* number + 1 of the verdict for RELAIS_ALL_EVENTS, 0 for none */
  host_buffer requests;
  uint32_t request_count;
  host_buffer verdicts;
  uint32_t verdict_count;
  host_buffer diagnostics;
  uint32_t diagnostic_count;
  char first_error[256]; /* of diagnose */
  host_fault fault;
} host_output;

/* Makes the output ready for a call of encode (with `parts`) or classify (NULL); both have room for
 * the events. */
void host_output_begin(host_output *output, uint32_t *assigned, uint64_t *parts,
                       uint32_t event_count);
void host_output_free(host_output *output);

/* The functions behind the ABI's tables; ctx is the host_output. */
relais_status host_output_request(void *ctx, const relais_request *request);
relais_status host_output_settle(void *ctx, uint32_t event, const relais_verdict *verdict);
void host_output_diagnose(host_output *output, relais_level level, relais_str pointer,
                          relais_str message);

/* Adds a verdict of the host's own; returns its number + 1. */
uint32_t host_output_add(host_output *output, const relais_verdict *verdict);

/* Checks the coverage rule after encode; events without a place take the verdict for all. */
void host_output_cover(host_output *output);

/* Appends the diagnostics with their count. */
void host_put_diagnostics(host_buffer *buffer, const host_output *output);

/* Appends the call's reply; the fault, when there is one, else what was collected. */
void host_put_reply(host_buffer *replies, const host_output *output);
void host_put_failure(host_buffer *replies, const host_fault *fault);

/* The host's verdict on an exchange that the plugin did not judge (design of RELAIS_DELIVERED
 * and its like in plugin.h). */
void host_default_policy(host_output *output, const relais_exchange *exchange, int64_t now_ms);

#endif
