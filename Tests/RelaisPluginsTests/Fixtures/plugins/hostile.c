/* Misbehaves as the name of the first event says. */
#define _GNU_SOURCE
#define ID "hostile"
#include "support.h"

#include <signal.h>
#include <unistd.h>

RELAIS_MANIFEST(MANIFEST);

static relais_str repeat(const relais_call *call, size_t size) {
  char *bytes = call->alloc(call->ctx, size, 1);
  if (!bytes) return (relais_str){0};
  memset(bytes, 'x', size);
  return (relais_str){bytes, size};
}

static relais_status send_one(const relais_output *output, relais_request request) {
  uint32_t zero = 0;
  request.struct_size = sizeof request;
  if (!request.url.ptr) request.url = RELAIS_STR("https://vendor.example/");
  if (!request.events.ptr) request.events = (relais_list){&zero, 1, sizeof zero};
  output->request(output->ctx, &request);
  return RELAIS_OK;
}

static relais_status settle_one(const relais_output *output, uint32_t event, relais_verdict_code code,
                                relais_str key) {
  relais_verdict verdict = {.struct_size = sizeof verdict, .code = code, .reason = RELAIS_STR("why"), .key = key};
  output->settle(output->ctx, event, &verdict);
  return RELAIS_OK;
}

static relais_status misbehave_coverage(relais_str name, const relais_output *output) {
  static const uint32_t twice[] = {0, 0};
  static const uint32_t beyond[] = {7};
  if (support_is(name, "uncovered")) return RELAIS_OK;
  if (support_is(name, "twice")) send_one(output, (relais_request){.events = {twice, 2, 4}});
  if (support_is(name, "beyond")) send_one(output, (relais_request){.events = {beyond, 1, 4}});
  if (support_is(name, "eventless")) send_one(output, (relais_request){.events = {twice, 0, 4}});
  if (support_is(name, "both")) {
    send_one(output, (relais_request){0});
    settle_one(output, 0, RELAIS_DROP, (relais_str){0});
  }
  if (support_is(name, "part_twice") || support_is(name, "parts") || support_is(name, "part_and_whole")) {
    relais_request part = {.flags = RELAIS_REQUEST_PART, .note = RELAIS_STR("rule:1")};
    send_one(output, part);
    if (!support_is(name, "part_twice")) part.note = RELAIS_STR("rule:2");
    if (support_is(name, "part_and_whole")) part.flags = 0;
    send_one(output, part);
  }
  if (support_is(name, "part_nameless")) send_one(output, (relais_request){.flags = RELAIS_REQUEST_PART});
  if (support_is(name, "part_spaced")) {
    send_one(output, (relais_request){.flags = RELAIS_REQUEST_PART, .note = RELAIS_STR("rule 1")});
  }
  if (support_is(name, "part_many")) {
    for (int i = 0; i < 65; i++) {
      char note[] = {'p', (char)('0' + i / 10), (char)('0' + i % 10)};
      send_one(output, (relais_request){.flags = RELAIS_REQUEST_PART, .note = {note, sizeof note}});
    }
  }
  if (support_is(name, "settle_delivered")) settle_one(output, 0, RELAIS_DELIVERED, (relais_str){0});
  if (support_is(name, "settle_unknown")) settle_one(output, 0, 99, (relais_str){0});
  if (support_is(name, "settle_beyond")) settle_one(output, 7, RELAIS_DROP, (relais_str){0});
  if (support_is(name, "settle_keyless")) settle_one(output, 0, RELAIS_PARK, (relais_str){0});
  if (support_is(name, "settle_all_twice")) {
    settle_one(output, RELAIS_ALL_EVENTS, RELAIS_DROP, (relais_str){0});
    settle_one(output, RELAIS_ALL_EVENTS, RELAIS_DROP, (relais_str){0});
  }
  if (support_is(name, "park_all")) settle_one(output, RELAIS_ALL_EVENTS, RELAIS_PARK, RELAIS_STR("rule:1"));
  return RELAIS_OK;
}

static relais_status misbehave_request(relais_str name, const relais_call *call, const relais_output *output) {
  relais_header header = {RELAIS_STR("X-Test"), RELAIS_STR("ok")};
  relais_request request = {.headers = {&header, 1, sizeof header}};
  if (support_is(name, "header_crlf")) header.value = RELAIS_STR("a\r\nHost: b");
  if (support_is(name, "header_name")) header.name = RELAIS_STR("X Test");
  if (support_is(name, "header_host")) header.name = RELAIS_STR("Host");
  if (support_is(name, "header_length")) header.name = RELAIS_STR("content-length");
  if (support_is(name, "header_utf8")) header.value = RELAIS_STR("\xff");
  if (support_is(name, "header_many")) request.headers = (relais_list){&header, 100, sizeof header};
  if (support_is(name, "header_stride")) request.headers.stride = 4;
  if (support_is(name, "method")) request.method = RELAIS_STR("DELETE");
  if (support_is(name, "url_missing")) request.url = RELAIS_STR("");
  if (support_is(name, "url_long")) request.url = repeat(call, 20000);
  if (support_is(name, "body_large")) request.body = repeat(call, 5000000);
  if (support_is(name, "note_large")) request.note = repeat(call, 70000);
  if (support_is(name, "no_pointer")) request.body = (relais_str){NULL, 5};
  if (memcmp(name.ptr, "url:", name.len < 4 ? name.len : 4) == 0) {
    request.url = (relais_str){name.ptr + 4, name.len - 4};
  }
  if (support_is(name, "struct_size")) {
    request.struct_size = 8;
    output->request(output->ctx, &request);
    return RELAIS_OK;
  }
  return send_one(output, request);
}

static void misbehave_badly(relais_str name) {
  if (support_is(name, "segfault")) raise(SIGSEGV);
  if (support_is(name, "abort")) abort();
  if (support_is(name, "killed")) raise(SIGKILL);
  if (support_is(name, "exit")) exit(3);
  if (support_is(name, "hang")) {
    for (;;) pause();
  }
  if (support_is(name, "close_socket")) {
    close(3);
    for (;;) pause();
  }
  if (support_is(name, "garbage")) {
    char noise[100];
    memset(noise, 'z', sizeof noise);
    for (int descriptor = 0; descriptor < 8; descriptor++) {
      if (write(descriptor, noise, sizeof noise) < 0) continue;
    }
  }
}

static relais_status encode(relais_instance *instance, const relais_call *call, relais_list events,
                            const relais_output *output) {
  static const char *const harmful[] = {"segfault", "abort", "killed", "exit", "hang", "close_socket", "garbage"};
  static const char *const coverage[] = {"uncovered",      "twice",         "beyond",         "eventless",
                                         "both",           "settle_delivered", "settle_unknown", "settle_beyond",
                                         "settle_keyless", "settle_all_twice", "park_all",
                                         "parts",          "part_twice",    "part_and_whole", "part_nameless",
                                         "part_spaced",    "part_many"};
  relais_str name = {0};
  for (uint32_t i = 0; i < events.count; i++) {
    name = RELAIS_AT(events, relais_event, i)->event_name;
    for (size_t j = 0; j < sizeof harmful / sizeof *harmful; j++) {
      if (support_is(name, harmful[j])) misbehave_badly(name);
    }
  }
  if (events.count != 1 || support_is(name, "ok")) return support_encode(instance, call, events, output);
  for (size_t j = 0; j < sizeof coverage / sizeof *coverage; j++) {
    if (support_is(name, coverage[j])) return misbehave_coverage(name, output);
  }
  if (support_is(name, "status")) {
    call->diagnose(call->ctx, RELAIS_ERROR, (relais_str){0}, RELAIS_STR("no luck with s3cret-token"));
    return RELAIS_E_FAILED;
  }
  if (support_is(name, "polite_hang")) {
    while (!call->cancelled(call->ctx)) usleep(1000);
    return RELAIS_E_CANCELLED;
  }
  if (support_is(name, "greedy")) {
    while (call->alloc(call->ctx, 1 << 20, 64)) continue;
    return RELAIS_E_NOMEM;
  }
  if (support_is(name, "prints")) {
    puts("hello from stdout");
    fputs("and from stderr\n", stderr);
    return support_encode(instance, call, events, output);
  }
  if (support_is(name, "logs")) {
    for (int i = 0; i < 500; i++) instance->host->log(instance->host->ctx, RELAIS_INFO, RELAIS_STR("a line"));
    return support_encode(instance, call, events, output);
  }
  if (support_is(name, "environment")) {
    instance->host->log(instance->host->ctx, RELAIS_INFO,
                        getenv("PATH") || getenv("HOME") ? RELAIS_STR("has PATH") : RELAIS_STR("has none"));
    return support_encode(instance, call, events, output);
  }
  return misbehave_request(name, call, output);
}

static relais_status classify(relais_instance *instance, const relais_call *call, const relais_exchange *exchange,
                              const relais_output *output) {
  (void)instance;
  (void)call;
  relais_verdict verdict = {.struct_size = sizeof verdict, .code = RELAIS_RETRY, .retry_after_ms = -5,
                            .reason = RELAIS_STR("unset"), .detail = exchange->body};
  switch (exchange->status) {
    case 200: verdict.code = 77; break;
    case 500: return RELAIS_E_FAILED;
    case 501: {
      relais_request request = {.struct_size = sizeof request};
      output->request(output->ctx, &request);
      return RELAIS_OK;
    }
    case 502: output->settle(output->ctx, 5000, &verdict); return RELAIS_OK;
    case 503: output->settle(output->ctx, 0, NULL); return RELAIS_OK;
    default: break;
  }
  output->settle(output->ctx, RELAIS_ALL_EVENTS, &verdict);
  return RELAIS_OK;
}

RELAIS_PLUGIN(support_create, support_destroy, encode, classify);
