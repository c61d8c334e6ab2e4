#include "session.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "text.h"

enum { VIEWS_LIMIT = 256 << 20, TABLE_LIMIT = 64 * 1024, PATH_LIMIT = 4096 };
enum { FRAME_RESERVE = 1 << 20 };
#define ENTRY "relais_plugin_entry_v1"

typedef const relais_plugin *(*entry_function)(void);

static void load(relais_host_session *session, host_fault *fault) {
  const relais_host_rules *rules = session->rules;
  char path[PATH_LIMIT];
  if (rules->path.len == 0 || rules->path.len >= sizeof path ||
      memchr(rules->path.ptr, 0, rules->path.len)) {
    host_fault_set(fault, "load", "the plugin's path is empty or too long");
    return;
  }
  memcpy(path, rules->path.ptr, rules->path.len);
  path[rules->path.len] = 0;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) {
    host_fault_set(fault, "load", "the dynamic loader refuses the file: %s", dlerror());
    return;
  }
  void *symbol = dlsym(library, ENTRY);
  entry_function entry;
  if (!symbol) {
    host_fault_set(fault, "load", "the file exports no " ENTRY);
    return;
  }
  memcpy(&entry, &symbol, sizeof entry);
  session->plugin = entry();
}

static void check_table(relais_host_session *session, host_fault *fault) {
  const relais_plugin *plugin = session->plugin;
  relais_str manifest = session->rules->manifest;
  if (!plugin) {
    host_fault_set(fault, "table", ENTRY " returned NULL");
  } else if (plugin->struct_size < sizeof *plugin || plugin->struct_size > TABLE_LIMIT) {
    host_fault_set(fault, "table", "the plugin's table has struct_size %u; ABI 1.0's has %zu",
                   plugin->struct_size, sizeof *plugin);
  } else if (!plugin->create || !plugin->destroy || !plugin->encode) {
    host_fault_set(fault, "table", "the plugin's table lacks create, destroy or encode");
  } else if (plugin->manifest.len != 0 &&
             (!plugin->manifest.ptr || plugin->manifest.len != manifest.len ||
              memcmp(plugin->manifest.ptr, manifest.ptr, manifest.len) != 0)) {
    host_fault_set(fault, "table",
                   "the table's manifest is not the one in the file's section plugin_manifest");
  }
}

static void create(relais_host_session *session, relais_str configuration) {
  host_output *output = &session->output;
  host_context context = {.now_ms = session->rules->now,
                          .seed = session->rules->seed,
                          .timeout_ms = session->rules->create_timeout};
  relais_call call;
  relais_instance *instance = NULL;
  session->creating = true;
  host_begin_call(session, &context, &call);
  relais_status status = session->plugin->create(&session->host, &call, configuration, &instance);
  host_end_call(session);
  session->creating = false;
  host_check_status(output, "create", status);
  if (output->fault.reason) return;
  session->instance = instance;
  if (instance) return;
  host_fault_set(&output->fault, "table", "create returned RELAIS_OK without an instance");
}

static void watch_ends(relais_host_session *session) {
  if (session->services.watch) session->services.watch(session->services.context, 0);
}

static void put_ready(host_buffer *ready, const host_output *output,
                      const relais_host_session *session) {
  const host_fault *fault = &output->fault;
  host_put_u8(ready, fault->reason == NULL);
  host_put_text(ready, fault->reason ? fault->reason : "");
  host_put_clean(ready, (relais_str){fault->detail, strlen(fault->detail)}, HOST_DETAIL_LIMIT);
  host_put_diagnostics(ready, output);
  host_put_u32(ready, session->metric_count);
  for (uint32_t i = 0; i < session->metric_count; i++) {
    host_put_text(ready, session->metrics[i].name);
    host_put_text(ready, session->metrics[i].unit);
  }
}

static void release(relais_host_session *session) {
  host_output_free(&session->output);
  host_arena_free(&session->views);
  host_arena_free(&session->scratch);
  relais_host_buffer_free(&session->json);
  relais_host_buffer_free(&session->line);
  relais_host_rules_destroy(session->rules);
  free(session);
}

relais_host_session *relais_host_open(const uint8_t *init, size_t length,
                                      relais_host_services services,
                                      relais_host_buffer *ready) {
  relais_host_session *session = calloc(1, sizeof *session);
  if (!session) return NULL;
  host_output *output = &session->output;
  session->services = services;
  session->log_lines_left = HOST_LOG_LINES;
  session->rules = relais_host_rules_create(init, length);
  host_output_begin(output, NULL, NULL, 0);
  if (!session->rules) {
    host_fault_set(&output->fault, "init", "the INIT frame is not what this version reads");
  } else {
    output->rules = session->rules;
    session->views.limit = VIEWS_LIMIT;
    session->scratch.limit = session->rules->scratch_limit;
    host_fill_services(session);
    if (services.watch) services.watch(services.context, session->rules->create_timeout);
    load(session, &output->fault);
    if (!output->fault.reason) check_table(session, &output->fault);
  }
  if (!output->fault.reason) {
    const char *configuration = (const char *)init + session->rules->configuration_offset;
    create(session, (relais_str){configuration, session->rules->configuration_length});
  }
  watch_ends(session);
  put_ready(ready, output, session);
  if (!output->fault.reason) return session;
  release(session);
  return NULL;
}

static bool perform_call(relais_host_session *session, host_reader *calls, host_buffer *replies) {
  uint32_t kind = host_take_u32(calls);
  host_reader body = host_take_part(calls, host_take_u32(calls));
  size_t start = replies->length;
  bool whole = false;
  if (body.bad) return false;
  if (kind == RELAIS_CALL_ENCODE) whole = host_encode(session, &body, replies);
  if (kind == RELAIS_CALL_CLASSIFY) whole = host_classify(session, &body, replies);
  bool full = replies->failed || replies->length > RELAIS_FRAME_LIMIT - FRAME_RESERVE;
  if (full && replies->bytes) {
    host_fault fault = {0};
    host_fault_set(&fault, "frame_full", "the replies of one frame are larger than a frame may be");
    replies->failed = 0;
    replies->length = start;
    host_put_failure(replies, &fault);
  }
  return whole;
}

static void put_metrics(relais_host_session *session, host_buffer *replies) {
  size_t start = replies->length;
  uint32_t count = 0;
  host_put_u32(replies, 0);
  for (uint32_t i = 0; i < session->metric_count; i++) {
    if (session->metrics[i].added == 0) continue;
    host_put_u32(replies, i + 1);
    host_put_f64(replies, session->metrics[i].added);
    session->metrics[i].added = 0;
    count++;
  }
  host_set_u32(replies, start, count);
}

int relais_host_perform(relais_host_session *session, const uint8_t *calls, size_t length,
                        relais_host_buffer *replies) {
  host_reader reader = {.at = calls, .left = length};
  uint32_t count = host_take_u32(&reader);
  bool whole = !reader.bad;
  session->log_lines_left = HOST_LOG_LINES;
  host_put_u32(replies, count);
  for (uint32_t i = 0; i < count && whole; i++) whole = perform_call(session, &reader, replies);
  watch_ends(session);
  put_metrics(session, replies);
  return whole && reader.left == 0 && !replies->failed ? 0 : -1;
}

void relais_host_close(relais_host_session *session) {
  if (!session) return;
  session->output.active = false;
  session->plugin->destroy(session->instance);
  release(session);
}
