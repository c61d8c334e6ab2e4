/* rules.h - what an INIT payload says: limits, forms of user data, and where requests may go. */
#ifndef RELAIS_HOST_RULES_H
#define RELAIS_HOST_RULES_H

#include <relais/plugin.h>

#include "record.h"

typedef struct host_address {
  relais_str host; /* absent: not an address */
  relais_str path; /* from the first '/', without query */
  uint32_t port;
  bool secure;
} host_address;

struct relais_host_rules {
  uint8_t *copy; /* of the payload, the configuration wiped */
  relais_str path;
  relais_str manifest;
  relais_str host_version;
  int32_t log_level;
  uint32_t flags;
  size_t body_limit;
  size_t scratch_limit;
  int64_t create_timeout;
  int64_t now;
  uint64_t seed;
  host_form *forms;
  uint32_t form_count;
  relais_str *hosts;
  uint32_t host_count;
  host_address endpoint;
  size_t configuration_offset; /* into the payload */
  size_t configuration_length;
};

enum { HOST_HEADER_COUNT = 64, HOST_HEADER_BYTES = 16 * 1024 };
enum { HOST_URL_LIMIT = 16 * 1024, HOST_NOTE_LIMIT = 64 * 1024 };

/* What is wrong with something a plugin made: a stable word and a sentence. */
typedef struct host_fault {
  const char *reason; /* NULL: nothing */
  char detail[320];
} host_fault;

void host_fault_set(host_fault *fault, const char *reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads the scheme, host, port and path of a URL. False when it is malformed, has a user, or is
 * not http or https. */
bool host_read_address(relais_str url, host_address *address);

/* Judges a request's method, URL, headers, body and note; sets the fault when it is not legal. */
void host_judge_request(const relais_host_rules *rules, const relais_request *request,
                        host_fault *fault);

#endif
