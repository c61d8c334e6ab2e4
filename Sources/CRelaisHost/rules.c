#define _GNU_SOURCE
#include "rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FORM_LIMIT = 256, HOST_LIMIT = 64 };

void host_fault_set(host_fault *fault, const char *reason, const char *format, ...) {
  va_list arguments;
  if (fault->reason) return;
  fault->reason = reason;
  va_start(arguments, format);
  vsnprintf(fault->detail, sizeof fault->detail, format, arguments);
  va_end(arguments);
}

static bool read_forms(relais_host_rules *rules, host_reader *reader) {
  rules->form_count = host_take_u32(reader);
  if (rules->form_count > FORM_LIMIT) return false;
  rules->forms = calloc(rules->form_count + 1, sizeof *rules->forms);
  if (!rules->forms) return false;
  for (uint32_t i = 0; i < rules->form_count; i++) {
    rules->forms[i].kind = host_take_str(reader);
    rules->forms[i].recipe = host_take_str(reader);
  }
  return !reader->bad;
}

static bool read_hosts(relais_host_rules *rules, host_reader *reader) {
  rules->host_count = host_take_u32(reader);
  if (rules->host_count > HOST_LIMIT) return false;
  rules->hosts = calloc(rules->host_count + 1, sizeof *rules->hosts);
  if (!rules->hosts) return false;
  for (uint32_t i = 0; i < rules->host_count; i++) rules->hosts[i] = host_take_str(reader);
  relais_str endpoint = host_take_str(reader);
  if (reader->bad) return false;
  return endpoint.len == 0 || host_read_address(endpoint, &rules->endpoint);
}

static bool read_init(relais_host_rules *rules, host_reader *reader, size_t length) {
  rules->path = host_take_str(reader);
  rules->manifest = host_take_str(reader);
  rules->host_version = host_take_str(reader);
  rules->log_level = (int32_t)host_take_u32(reader);
  rules->flags = host_take_u32(reader);
  uint64_t body_limit = host_take_u64(reader);
  uint64_t scratch_limit = host_take_u64(reader);
  rules->body_limit = body_limit < RELAIS_FRAME_LIMIT ? (size_t)body_limit : RELAIS_FRAME_LIMIT;
  rules->scratch_limit = scratch_limit < UINT32_MAX ? (size_t)scratch_limit : UINT32_MAX;
  rules->create_timeout = (int64_t)host_take_u64(reader);
  rules->now = (int64_t)host_take_u64(reader);
  rules->seed = host_take_u64(reader);
  if (reader->bad || !read_forms(rules, reader) || !read_hosts(rules, reader)) return false;
  relais_str configuration = host_take_str(reader);
  if (reader->bad || reader->left != 0) return false;
  rules->configuration_length = configuration.len;
  rules->configuration_offset = length - configuration.len;
  return true;
}

relais_host_rules *relais_host_rules_create(const uint8_t *init, size_t length) {
  relais_host_rules *rules = calloc(1, sizeof *rules);
  if (!rules) return NULL;
  rules->copy = malloc(length + 1);
  if (!rules->copy) goto fail;
  memcpy(rules->copy, init, length);
  host_reader reader = {.at = rules->copy, .left = length};
  if (!read_init(rules, &reader, length)) goto fail;
  explicit_bzero(rules->copy + rules->configuration_offset, rules->configuration_length);
  return rules;

fail:
  if (rules->copy) explicit_bzero(rules->copy, length);
  relais_host_rules_destroy(rules);
  return NULL;
}

void relais_host_rules_destroy(relais_host_rules *rules) {
  if (!rules) return;
  free(rules->forms);
  free(rules->hosts);
  free(rules->copy);
  free(rules);
}

const char *relais_host_rules_judge(const relais_host_rules *rules, const uint8_t *bytes,
                                    size_t length, char *detail, size_t detail_size) {
  host_reader reader = {.at = bytes, .left = length};
  relais_header headers[HOST_HEADER_COUNT];
  host_fault fault = {0};
  relais_request request = {.struct_size = sizeof request, .flags = host_take_u32(&reader)};
  request.method = host_take_str(&reader);
  request.url = host_take_str(&reader);
  uint32_t count = host_take_u32(&reader);
  if (count > HOST_HEADER_COUNT) reader.bad = true;
  for (uint32_t i = 0; i < count && !reader.bad; i++) {
    headers[i].name = host_take_str(&reader);
    headers[i].value = host_take_str(&reader);
  }
  request.headers = (relais_list){headers, count, sizeof *headers};
  request.body = host_take_str(&reader);
  request.note = host_take_str(&reader);
  if (reader.bad) {
    host_fault_set(&fault, "garbage", "a request's bytes end too early");
  } else {
    host_judge_request(rules, &request, &fault);
  }
  if (detail_size > 0) snprintf(detail, detail_size, "%s", fault.detail);
  return fault.reason;
}
