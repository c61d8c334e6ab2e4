#define _GNU_SOURCE
#include <stdio.h>
#include <time.h>

#include "session.h"
#include "text.h"

static const int64_t longest_call_ms = 3600 * 1000;

static int64_t monotonic_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint32_t log_enabled(void *ctx, relais_level level) {
  relais_host_session *session = ctx;
  if (level < RELAIS_DEBUG || level > RELAIS_ERROR) level = RELAIS_INFO;
  return session->services.log && level >= session->rules->log_level;
}

static void write_log(void *ctx, relais_level level, relais_str message) {
  relais_host_session *session = ctx;
  if (level < RELAIS_DEBUG || level > RELAIS_ERROR) level = RELAIS_INFO;
  if (!log_enabled(ctx, level) || session->log_lines_left == 0) return;
  if (--session->log_lines_left == 0) {
    level = RELAIS_WARNING;
    message =
        RELAIS_STR("the plugin logged more lines than a frame may have; the rest is left out");
  }
  host_clear(&session->line, 4096);
  host_put_clean(&session->line, message, HOST_DETAIL_LIMIT);
  if (session->line.failed) return;
  session->services.log(session->services.context, level, (const char *)session->line.bytes + 4,
                        session->line.length - 4);
}

static bool is_metric_name(relais_str name) {
  if (!name.ptr || name.len == 0 || name.len > HOST_METRIC_NAME) return false;
  for (size_t i = 0; i < name.len; i++) {
    char character = name.ptr[i];
    bool letter = character >= 'a' && character <= 'z';
    if (!letter && character != '_' && (character < '0' || character > '9')) return false;
  }
  return true;
}

static uint32_t add_metric(void *ctx, relais_str name, relais_str unit) {
  relais_host_session *session = ctx;
  if (!session->creating || session->metric_count == HOST_METRIC_LIMIT) return 0;
  if (!is_metric_name(name)) return 0;
  if (unit.ptr && unit.len > 0 && !is_metric_name(unit)) return 0;
  host_metric *metric = &session->metrics[session->metric_count++];
  memcpy(metric->name, name.ptr, name.len);
  if (unit.ptr) memcpy(metric->unit, unit.ptr, unit.len);
  return session->metric_count;
}

static void metric_add(void *ctx, uint32_t metric, double value) {
  relais_host_session *session = ctx;
  bool counts = value >= 0 && value <= 1e15;
  if (metric == 0 || metric > session->metric_count || !counts) return;
  session->metrics[metric - 1].added += value;
}

static const void *extension(void *ctx, relais_str id) {
  (void)ctx;
  (void)id;
  return NULL;
}

void host_fill_services(relais_host_session *session) {
  session->host = (relais_host){
      .struct_size = sizeof session->host,
      .abi_minor = RELAIS_ABI_MINOR,
      .ctx = session,
      .name = RELAIS_STR("relais"),
      .version = session->rules->host_version,
      .log = write_log,
      .log_enabled = log_enabled,
      .metric = add_metric,
      .metric_add = metric_add,
      .extension = extension,
  };
}

static void *scratch(void *ctx, size_t size, size_t align) {
  relais_host_session *session = ctx;
  return session->output.active ? host_alloc(&session->scratch, size, align) : NULL;
}

static uint32_t cancelled(void *ctx) {
  relais_host_session *session = ctx;
  return !session->output.active || monotonic_ms() >= session->give_up;
}

static void diagnose(void *ctx, relais_level level, relais_str pointer, relais_str message) {
  relais_host_session *session = ctx;
  if (session->output.active) host_output_diagnose(&session->output, level, pointer, message);
}

void host_begin_call(relais_host_session *session, const host_context *context, relais_call *call) {
  int64_t timeout = context->timeout_ms < 1 ? 1 : context->timeout_ms;
  if (timeout > longest_call_ms) timeout = longest_call_ms;
  int64_t latest = INT64_MAX - timeout;
  *call = (relais_call){
      .struct_size = sizeof *call,
      .ctx = session,
      .now_ms = context->now_ms,
      .deadline_ms = context->now_ms > latest ? INT64_MAX : context->now_ms + timeout,
      .batch_id = context->batch_id,
      .seed = context->seed,
      .alloc = scratch,
      .cancelled = cancelled,
      .diagnose = diagnose,
  };
  session->give_up = monotonic_ms() + timeout;
  session->output.active = true;
  if (session->services.watch) session->services.watch(session->services.context, timeout);
}

void host_end_call(relais_host_session *session) {
  session->output.active = false;
  host_arena_reset(&session->scratch);
}

void host_check_status(host_output *output, const char *function, relais_status status) {
  const char *name = "RELAIS_E_FAILED";
  if (status == RELAIS_OK) return;
  switch (status) {
    case RELAIS_E_CONFIG: name = "RELAIS_E_CONFIG"; break;
    case RELAIS_E_NOMEM: name = "RELAIS_E_NOMEM"; break;
    case RELAIS_E_CANCELLED: name = "RELAIS_E_CANCELLED"; break;
    case RELAIS_E_LIMIT: name = "RELAIS_E_LIMIT"; break;
    default: break;
  }
  const char *separator = output->first_error[0] ? ": " : "";
  host_fault_set(&output->fault, status == RELAIS_E_CONFIG ? "config" : "error_status",
                 "%s returned %s%s%s", function, name, separator, output->first_error);
}
