#define _GNU_SOURCE
#include <stdio.h>
#include <time.h>

#include "output.h"
#include "text.h"

static const char *const transport_words[] = {
    "transport_none", "transport_dns", "transport_connect", "transport_tls",
    "transport_timeout_before_send", "transport_timeout_after_send", "transport_reset",
    "transport_too_large"};

static relais_str header_value(relais_list headers, const char *name) {
  relais_str wanted = {name, strlen(name)};
  for (uint32_t i = 0; i < headers.count; i++) {
    const relais_header *header = RELAIS_AT(headers, relais_header, i);
    if (header->name.ptr && host_same_word(header->name, wanted)) return header->value;
  }
  return (relais_str){0};
}

static int month_number(const char *name) {
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (int month = 0; month < 12; month++) {
    if (memcmp(names + month * 3, name, 3) == 0) return month;
  }
  return -1;
}

/* Milliseconds from now until an HTTP date (RFC 9110, 5.6.7, IMF-fixdate); -1 when the text is
 * none. */
static int64_t until_date(const char *text, int64_t now_ms) {
  struct tm date = {0};
  char month[4] = "";
  char zone[4] = "";
  int fields = sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d %3s", &date.tm_mday, month,
                      &date.tm_year, &date.tm_hour, &date.tm_min, &date.tm_sec, zone);
  if (fields != 7 || strlen(month) != 3 || strcmp(zone, "GMT") != 0) return -1;
  date.tm_mon = month_number(month);
  date.tm_year -= 1900;
  if (date.tm_mon < 0) return -1;
  int64_t wait = (int64_t)timegm(&date) * 1000 - now_ms;
  return wait > 0 ? wait : 0;
}

/* Milliseconds of a Retry-After header; -1 when there is none that can be read. */
static int64_t retry_after(relais_list headers, int64_t now_ms) {
  relais_str value = header_value(headers, "retry-after");
  char text[40];
  int64_t seconds = 0;
  if (!value.ptr || value.len == 0 || value.len >= sizeof text) return -1;
  memcpy(text, value.ptr, value.len);
  text[value.len] = 0;
  if (text[0] < '0' || text[0] > '9') return until_date(text, now_ms);
  for (size_t i = 0; i < value.len; i++) {
    if (text[i] < '0' || text[i] > '9') return -1;
    if (seconds < 100000000) seconds = seconds * 10 + (text[i] - '0');
  }
  return seconds * 1000;
}

static relais_verdict_code code_of_status(int32_t status) {
  if (status >= 200 && status < 300) return RELAIS_DELIVERED;
  switch (status) {
    case 401:
    case 403: return RELAIS_AUTH_STOP;
    case 408:
    case 425: return RELAIS_RETRY;
    case 413: return RELAIS_SPLIT;
    case 429: return RELAIS_THROTTLE;
    default: return status >= 400 && status < 500 ? RELAIS_REJECT : RELAIS_RETRY;
  }
}

void host_default_policy(host_output *output, const relais_exchange *exchange, int64_t now_ms) {
  char word[40];
  relais_verdict verdict = {.struct_size = sizeof verdict, .code = RELAIS_RETRY};
  if (exchange->transport != RELAIS_TRANSPORT_NONE) {
    bool known = exchange->transport > 0 && exchange->transport <= RELAIS_TRANSPORT_TOO_LARGE;
    relais_transport transport = known ? exchange->transport : RELAIS_TRANSPORT_RESET;
    snprintf(word, sizeof word, "%s", transport_words[transport]);
  } else {
    snprintf(word, sizeof word, "http_%d", exchange->status);
    verdict.code = code_of_status(exchange->status);
    int64_t wait = retry_after(exchange->headers, now_ms);
    if (exchange->status == 503 && wait >= 0) verdict.code = RELAIS_THROTTLE;
    bool waits = verdict.code == RELAIS_THROTTLE || verdict.code == RELAIS_RETRY;
    if (waits && wait > 0) verdict.retry_after_ms = wait;
  }
  if (verdict.code != RELAIS_DELIVERED) {
    verdict.reason = (relais_str){word, strlen(word)};
    verdict.detail = exchange->body;
  }
  output->for_all = host_output_add(output, &verdict);
}
