/* CRelaisHost.h - loads a plugin and performs calls on it: the one core that `relais` (in-process
 * isolation) and `relais-plugin-host` (process isolation) share. Calls and replies are frames in
 * both cases. SPDX-License-Identifier: Apache-2.0
 *
 * A frame is a header of 12 bytes { u32 magic "RLF1", u16 version 1, u8 kind, u8 0, u32 payload
 * length } and a payload. All integers are little-endian and unaligned; `str` is u32 length, bytes;
 * n × {...} is u32 n and then n times what the braces hold.
 *
 * INIT     str plugin path, str manifest, str host version, i32 lowest log level, u32 INIT flags,
 *          u64 largest request body, u64 scratch bytes a call, i64 create timeout ms, i64 now ms,
 *          u64 seed, n × { str kind, str recipe }, n × { str host }, str endpoint (empty: none),
 *          str configuration JSON
 * READY    u8 usable, str reason, str detail, diagnostics, n × { str metric, str unit }
 * CALLS    n × { u32 call kind, u32 length, body }
 *   body         u64 batch id, i64 now ms, u64 seed, i64 timeout ms, then
 *   ENCODE       n × { u32 attempt, u32 event flags, u32 EVENT bits, str send as,
 *                n × { str part that is done }, str record }
 *   CLASSIFY     i32 transport, i32 status, u32 flags, i64 elapsed ms, u32 events, str note,
 *                n × { str name, str value }, str body
 * REPLIES  n × { u32 reply kind, u32 length, body }, n × { u32 metric number, f64 added }
 *   diagnostics  n × { i32 level, str pointer, str message }
 *   verdicts     n × { i32 code, i64 retry after ms, str reason, str detail, str key }
 *   ENCODED      diagnostics, verdicts, n × { u32 event, u32 verdict number },
 *                n × { u32 length, request }
 *   request      u32 flags, str method, str url, n × { str name, str value }, str body, str note,
 *                n × { u32 event }
 *   CLASSIFIED   diagnostics, verdicts, n × { u32 verdict number }, one for each event
 *   FAILED       str reason, str detail; reason "frame_full": the frame has no room for the reply,
 *                ask again in another
 * LOG      i32 level, str message; any number of them, before READY or REPLIES */
#ifndef CRELAISHOST_H
#define CRELAISHOST_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RELAIS_FRAME_MAGIC 0x31464C52u
#define RELAIS_FRAME_VERSION 1u
#define RELAIS_FRAME_HEADER 12u
#define RELAIS_FRAME_LIMIT (64u << 20) /* bytes of payload */

enum {
  RELAIS_FRAME_INIT = 1,
  RELAIS_FRAME_CALLS = 2,
  RELAIS_FRAME_READY = 3,
  RELAIS_FRAME_REPLIES = 4,
  RELAIS_FRAME_LOG = 5
};
enum { RELAIS_CALL_ENCODE = 1, RELAIS_CALL_CLASSIFY = 2 };
enum { RELAIS_REPLY_ENCODED = 1, RELAIS_REPLY_CLASSIFIED = 2, RELAIS_REPLY_FAILED = 3 };
enum { RELAIS_INIT_JSON = 1 };
/* From the shift on four bits: what counts as granted in a ping, by the order of PingConsent. */
enum {
  RELAIS_EVENT_WITHHOLD_USER_DATA = 1,
  RELAIS_EVENT_HAS_SEND_AS = 2,
  RELAIS_EVENT_AS_PING = 4,
  RELAIS_EVENT_PING_CONSENT_SHIFT = 8
};

/* Bytes that grow. `failed` is set when memory or the frame limit ran out; the bytes are then of
 * no use. */
typedef struct relais_host_buffer {
  uint8_t *bytes;
  size_t length;
  size_t capacity;
  uint32_t failed;
} relais_host_buffer;

/* Frees the bytes; the buffer is empty and usable afterwards. */
void relais_host_buffer_free(relais_host_buffer *buffer);

/* What a session needs of the program it is in. Either function may be NULL. */
typedef struct relais_host_services {
  void *context;
  /* A line the plugin logged: UTF-8, at most 1 KiB. */
  void (*log)(void *context, int32_t level, const char *text, size_t length);
  /* Starts a watch over the plugin for so many milliseconds; 0 ends it. */
  void (*watch)(void *context, int64_t milliseconds);
} relais_host_services;

typedef struct relais_host_session relais_host_session;

/* Loads the plugin and makes the instance that an INIT payload describes, and appends the READY
 * payload to `ready`. NULL when the plugin is not usable; `ready` then says why. */
relais_host_session *relais_host_open(const uint8_t *init, size_t length,
                                      relais_host_services services, relais_host_buffer *ready);

/* Performs the calls of a CALLS payload in order and appends the REPLIES payload. 0, or -1 when
 * the payload is not what it should be or memory ran out. */
int relais_host_perform(relais_host_session *session, const uint8_t *calls, size_t length,
                        relais_host_buffer *replies);

/* Destroys the instance. The plugin stays loaded. */
void relais_host_close(relais_host_session *session);

/* The limits and addresses of an INIT payload, by which the program that receives requests
 * judges them again. */
typedef struct relais_host_rules relais_host_rules;
relais_host_rules *relais_host_rules_create(const uint8_t *init, size_t length);
void relais_host_rules_destroy(relais_host_rules *rules);

/* Judges the bytes of one request of an ENCODED reply. Returns NULL when it is legal, else the
 * fault's reason, and writes a detail, ended by NUL. */
const char *relais_host_rules_judge(const relais_host_rules *rules, const uint8_t *request,
                                    size_t length, char *detail,
                                    size_t detail_size);

/* Checks that a base URL can be an `endpoint`: http or https, a host, no user, query or
 * fragment. 1 or 0. */
int relais_host_endpoint_is_valid(const char *url, size_t length);

/* Runs `path` with one argument, this process's id, an empty environment, descriptor 3 = its end
 * of a new socket pair and its output on a pipe. Both returned descriptors are non-blocking and
 * close-on-exec. 0 or an errno. The child is killed when the calling *thread* ends, so call it
 * on one that lives as long as the process. */
int relais_host_spawn(const char *path, pid_t *process, int *socket, int *output);

#endif
