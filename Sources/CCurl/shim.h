#ifndef RELAIS_CCURL_SHIM_H
#define RELAIS_CCURL_SHIM_H

#include <curl/curl.h>
#include <stddef.h>

/* Swift cannot call variadic functions: one wrapper per type of argument. */

typedef size_t (*relais_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode relais_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode relais_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode relais_curl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode relais_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode relais_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode relais_curl_set_data_callback(CURL *easy, CURLoption option, relais_curl_data_callback value) {
  return curl_easy_setopt(easy, option, value);
}

typedef int (*relais_curl_socket_callback)(CURL *easy, curl_socket_t socket, int what, void *context, void *unused);
typedef int (*relais_curl_timer_callback)(CURLM *multi, long milliseconds, void *context);

static inline CURLcode relais_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode relais_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode relais_curl_get_pointer(CURL *easy, CURLINFO info, void **value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode relais_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode relais_curl_multi_set_socket_callback(CURLM *multi, relais_curl_socket_callback value,
                                                              void *context) {
  CURLMcode result = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
  return result == CURLM_OK ? curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, value) : result;
}

static inline CURLMcode relais_curl_multi_set_timer_callback(CURLM *multi, relais_curl_timer_callback value,
                                                             void *context) {
  CURLMcode result = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
  return result == CURLM_OK ? curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, value) : result;
}

/* The result of a finished transfer lies in a union that is awkward to read elsewhere. */
static inline CURLcode relais_curl_message_result(const CURLMsg *message) {
  return message->data.result;
}

/* curl_global_init() with everything; safe to call from any thread in this libcurl (feature "threadsafe"). */
static inline CURLcode relais_curl_global_init(void) {
  return curl_global_init(CURL_GLOBAL_ALL);
}

#endif
