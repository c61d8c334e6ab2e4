/* What a plugin's calls need of their host. SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

void (*driver_failed)(void);

void driver_fail(const char *format, ...) {
  va_list arguments;
  if (driver_failed) driver_failed();
  va_start(arguments, format);
  fputs("driver: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(2);
}

void *driver_arena_take(driver_arena *arena, size_t size) {
  if (arena->count == arena->capacity) {
    arena->capacity = arena->capacity ? arena->capacity * 2 : 64;
    arena->blocks = realloc(arena->blocks, arena->capacity * sizeof *arena->blocks);
    if (!arena->blocks) driver_fail("out of memory");
  }
  void *block = malloc(size ? size : 1);
  if (!block) driver_fail("out of memory");
  arena->blocks[arena->count++] = block;
  return block;
}

void driver_arena_free(driver_arena *arena) {
  for (size_t i = 0; i < arena->count; i++) free(arena->blocks[i]);
  free(arena->blocks);
  *arena = (driver_arena){0};
}

relais_str driver_str(driver_arena *arena, const char *text, size_t length) {
  char *copy = driver_arena_take(arena, length);
  memcpy(copy, text, length);
  return (relais_str){copy, length};
}

static void *call_alloc(void *ctx, size_t size, size_t align) {
  driver_arena *arena = ((driver_call_context *)ctx)->arena;
  if (!align || (align & (align - 1)) || align > 64)
    driver_result_fault(((driver_call_context *)ctx)->result, "alloc: align %zu", align);
  arena->allocations += 1;
  if (arena->fail_from && arena->allocations >= arena->fail_from) return NULL;
  char *block = driver_arena_take(arena, size + align);
  memset(block, 0xa5, size + align);
  /* The end of the block is where the plugin's memory ends, as far as the alignment allows. */
  size_t slack = (size_t)(uintptr_t)(block + align) % align;
  return block + align - slack;
}

static uint32_t call_cancelled(void *ctx) {
  (void)ctx;
  return 0;
}

static void call_diagnose(void *ctx, relais_level level, relais_str pointer, relais_str message) {
  driver_diagnose(((driver_call_context *)ctx)->result, level, pointer, message);
}

relais_call driver_call(driver_call_context *context, int64_t now, uint64_t seed) {
  return (relais_call){.struct_size = sizeof(relais_call),
                       .ctx = context,
                       .now_ms = now,
                       .deadline_ms = now > INT64_MAX - 10000 ? INT64_MAX : now + 10000,
                       .batch_id = 1,
                       .seed = seed,
                       .alloc = call_alloc,
                       .cancelled = call_cancelled,
                       .diagnose = call_diagnose};
}

void *driver_log_alloc(void *ctx, size_t size, size_t align) {
  (void)align;
  return driver_arena_take(ctx, size);
}

static void host_log(void *ctx, relais_level level, relais_str message) {
  (void)level;
  relais_json_string(&((driver_host *)ctx)->log, message);
}

static uint32_t host_log_enabled(void *ctx, relais_level level) {
  (void)ctx;
  return level >= RELAIS_INFO;
}

static uint32_t host_metric(void *ctx, relais_str name, relais_str unit) {
  driver_host *d = ctx;
  (void)unit;
  if (d->metric_count == DRIVER_METRICS || name.len >= sizeof d->metrics[0]) return 0;
  memcpy(d->metrics[d->metric_count], name.ptr, name.len);
  d->metrics[d->metric_count][name.len] = '\0';
  return ++d->metric_count;
}

static void host_metric_add(void *ctx, uint32_t metric, double value) {
  driver_host *d = ctx;
  if (metric && metric <= d->metric_count) d->sums[metric - 1] += value;
}

static const void *host_extension(void *ctx, relais_str id) {
  (void)ctx;
  (void)id;
  return NULL;
}

void driver_host_start(driver_host *d) {
  d->host = (relais_host){sizeof d->host, RELAIS_ABI_MINOR, d, RELAIS_STR("relais"),
                          RELAIS_STR("0.1.0"), host_log, host_log_enabled, host_metric,
                          host_metric_add, host_extension};
  d->writer_call = (relais_call){.ctx = &d->output, .alloc = driver_log_alloc};
  relais_json_start(&d->log, &d->writer_call, 0);
  relais_json_begin_array(&d->log);
}

const relais_plugin *driver_load(const char *path) {
  const relais_plugin *(*entry)(void) = NULL;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) driver_fail("%s", dlerror());
  void *symbol = dlsym(library, "relais_plugin_entry_v1");
  if (!symbol) driver_fail("%s", dlerror());
  memcpy(&entry, &symbol, sizeof entry);
  const relais_plugin *plugin = entry();
  if (!plugin || plugin != entry())
    driver_fail("the entry must answer the same table at every call");
  if (!RELAIS_HAS(plugin, relais_plugin, extension)) driver_fail("the table is too small");
  return plugin;
}

int driver_wants_json(relais_str manifest) {
  json_error_t error;
  if (!manifest.len) return 1;
  json_t *json = relais_jansson_config(manifest, &error);
  if (!json) driver_fail("the manifest: line %d: %s", error.line, error.text);
  const char *view = json_string_value(json_object_get(json, "event_view"));
  int wanted = view && strcmp(view, "json") == 0;
  json_decref(json);
  return wanted;
}
