/* session.h - one instance of a plugin and what its calls need. */
#ifndef RELAIS_HOST_SESSION_H
#define RELAIS_HOST_SESSION_H

#include "output.h"

enum { HOST_METRIC_LIMIT = 32, HOST_METRIC_NAME = 64, HOST_LOG_LINES = 100 };

typedef struct host_metric {
  char name[HOST_METRIC_NAME + 1];
  char unit[HOST_METRIC_NAME + 1];
  double added; /* since the last REPLIES */
} host_metric;

struct relais_host_session {
  relais_host_services services;
  relais_host_rules *rules;
  const relais_plugin *plugin;
  relais_instance *instance;
  relais_host host;
  host_output output;
  host_arena views;   /* typed events */
  host_arena scratch; /* the plugin's alloc */
  host_buffer json;
  host_buffer line; /* a log line being cleaned */
  host_metric metrics[HOST_METRIC_LIMIT];
  uint32_t metric_count;
  bool creating;
  int log_lines_left;
  int64_t give_up; /* monotonic milliseconds */
};

/* The arguments all calls have, as a CALLS payload gives them. */
typedef struct host_context {
  uint64_t batch_id;
  int64_t now_ms;
  uint64_t seed;
  int64_t timeout_ms;
} host_context;

/* Fills the host's table of the session. */
void host_fill_services(relais_host_session *session);

/* Opens a call: watches over the plugin and fills the table that it is passed. */
void host_begin_call(relais_host_session *session, const host_context *context, relais_call *call);
void host_end_call(relais_host_session *session);

/* Checks what create or a call returned; on an error status the output gets a fault. */
void host_check_status(host_output *output, const char *function, relais_status status);

/* One call of a CALLS payload; false when its body is malformed. Appends the reply. */
bool host_encode(relais_host_session *session, host_reader *body, host_buffer *replies);
bool host_classify(relais_host_session *session, host_reader *body, host_buffer *replies);

#endif
