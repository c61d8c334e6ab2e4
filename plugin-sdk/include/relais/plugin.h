/* relais/plugin.h - the interface between the Relais host and a destination plugin.
 *
 * ABI version 1.0. Self-contained but for relais/event.h; valid as C99, C11, C++11 and later, importable by Swift.
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plugin is a shared library that turns events into HTTP requests and responses into verdicts. It does no I/O: the host
 * owns sockets, TLS, retries, rates, the queue and the dead letters. The library exports one function,
 * relais_plugin_entry_v1, and carries its manifest as JSON in the ELF section `plugin_manifest`, which the host reads
 * without running any code. The macros at the end emit both.
 *
 * Lifecycle, no other order:      entry -> create -> (encode | classify)* -> destroy
 * Threads: one call per instance at a time, on any thread; different instances run in parallel.
 * Memory: borrow in, copy out. A pointer dies when the call it was passed to returns, in both directions; nothing is
 * freed across the boundary. The host copies what the plugin hands to relais_output before the function returns.
 * Determinism: the same configuration, events, now_ms and seed give the same bytes.
 * A plugin never throws, aborts, exits, forks, opens a socket, or sets a signal handler, locale or environment variable. */
#ifndef RELAIS_PLUGIN_H
#define RELAIS_PLUGIN_H

#include "event.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RELAIS_ABI_MAJOR 1
#define RELAIS_ABI_MINOR 0

/* ---- Codes ------------------------------------------------------------------------------------------------------ */

/* What a plugin or host function returns: 0 or a negative error. Unknown negatives mean RELAIS_E_FAILED.    since 1.0 */
typedef int32_t relais_status;
enum {
  RELAIS_OK = 0,
  RELAIS_E_FAILED = -1,    /* say why with diagnose() */
  RELAIS_E_CONFIG = -2,    /* create: the configuration cannot work; diagnose() with its JSON pointer */
  RELAIS_E_NOMEM = -3,
  RELAIS_E_CANCELLED = -4, /* the plugin saw cancelled() */
  RELAIS_E_LIMIT = -5      /* the host refuses more or larger output than its limits allow */
};

/* Severity of a message. Unknown values mean RELAIS_INFO.                                                   since 1.0 */
typedef int32_t relais_level;
enum { RELAIS_DEBUG = 1, RELAIS_INFO = 2, RELAIS_WARNING = 3, RELAIS_ERROR = 4 };

/* What became of an event. Unknown values mean RELAIS_RETRY.                                                since 1.0 */
typedef int32_t relais_verdict_code;
enum {
  RELAIS_DELIVERED = 1, /* the vendor has it (for a vendor that never says: it was sent) */
  RELAIS_RETRY = 2,     /* try this event again, not before retry_after_ms; the host adds backoff and jitter */
  RELAIS_SPLIT = 3,     /* halve the batch and try both halves, no attempt charged; of a single event: REJECT */
  RELAIS_DROP = 4,      /* not to be sent, and not an error: say the reason */
  RELAIS_REJECT = 5,    /* can never succeed: becomes a dead letter with reason and detail */
  RELAIS_PARK = 6,      /* hold the events of `key` until the configuration changes or a slow probe succeeds */
  RELAIS_THROTTLE = 7,  /* the vendor asks for a pause of the whole destination until retry_after_ms */
  RELAIS_AUTH_STOP = 8  /* credentials refused: pause the destination; its events stay queued */
};

/* Why a request has no HTTP answer. Unknown values mean RELAIS_TRANSPORT_RESET.                             since 1.0 */
typedef int32_t relais_transport;
enum {
  RELAIS_TRANSPORT_NONE = 0, /* there is an answer: see status */
  RELAIS_TRANSPORT_DNS = 1,
  RELAIS_TRANSPORT_CONNECT = 2,
  RELAIS_TRANSPORT_TLS = 3,
  RELAIS_TRANSPORT_TIMEOUT_BEFORE_SEND = 4, /* nothing reached the vendor */
  RELAIS_TRANSPORT_TIMEOUT_AFTER_SEND = 5,  /* the vendor may have it */
  RELAIS_TRANSPORT_RESET = 6,               /* the connection broke; the vendor may have it */
  RELAIS_TRANSPORT_TOO_LARGE = 7            /* the answer was larger than the host accepts */
};

/* In settle(): the verdict is for every event of the call that gets none of its own.                        since 1.0 */
#define RELAIS_ALL_EVENTS UINT32_MAX

/* ---- What the host gives ---------------------------------------------------------------------------------------- */

/* The plugin's own state, made by create(). Opaque to the host.                                             since 1.0 */
typedef struct relais_instance relais_instance;

/* Services of the host. Valid from create() until destroy() returns; functions may be called on any thread that is
 * inside a call of this instance. Pass ctx as the first argument.                                           since 1.0 */
typedef struct relais_host {
  uint32_t struct_size;
  uint32_t abi_minor; /* minor version of the host */
  void *ctx;
  relais_str name;    /* "relais" */
  relais_str version; /* of the host, for instance "0.1.0" */
  /* Writes a line to the operator's log. Never log secrets or user data. */
  void (*log)(void *ctx, relais_level level, relais_str message);
  /* 1 when a message of this level would be kept. */
  uint32_t (*log_enabled)(void *ctx, relais_level level);
  /* Registers a counter (only in create(), at most 32); returns its number, 0 when refused. name: [a-z0-9_]+ */
  uint32_t (*metric)(void *ctx, relais_str name, relais_str unit);
  /* Adds to a counter. Number 0 is ignored. */
  void (*metric_add)(void *ctx, uint32_t metric, double value);
  /* A host service by id ("relais.<name>/<revision>"), or NULL. */
  const void *(*extension)(void *ctx, relais_str id);
} relais_host;

/* One call of create, encode or classify. Valid during that call only. All time and randomness come from here.
 *                                                                                                           since 1.0 */
typedef struct relais_call {
  uint32_t struct_size;
  uint32_t reserved;   /* 0 */
  void *ctx;
  int64_t now_ms;      /* milliseconds since 1970-01-01 UTC */
  int64_t deadline_ms; /* give up by then; a call that runs far beyond it is killed */
  uint64_t batch_id;
  uint64_t seed;       /* for whatever must look random */
  /* Scratch memory, freed by the host when the call returns; NULL when the call's limit is reached. align: a power
   * of two up to 64. */
  void *(*alloc)(void *ctx, size_t size, size_t align);
  /* 1 when the result is no longer wanted; poll in long loops and return RELAIS_E_CANCELLED. */
  uint32_t (*cancelled)(void *ctx);
  /* Reports a problem. json_pointer names the place in the configuration ("/pixel_id"); in encode also the event that it
   * is about, by its index, and the place in it ("/events/3/params/plan"), so that the event's receipt shows the message;
   * or it is absent. Any number per call, of which the host keeps the first 512; the first error becomes the
   * destination's state. */
  void (*diagnose)(void *ctx, relais_level level, relais_str json_pointer, relais_str message);
} relais_call;

/* A header of a request or response.                                                                        since 1.0 */
typedef struct relais_header {
  relais_str name;
  relais_str value;
} relais_header;

/* ---- What the plugin gives -------------------------------------------------------------------------------------- */

/* Bits of relais_request.flags.                                                                             since 1.0 */
enum {
  RELAIS_REQUEST_IDEMPOTENT = 1, /* sending it twice does no harm: the vendor deduplicates, so it may be repeated after
                                    a time-out whose outcome is unknown. Implied by the manifest's "dedup": true */
  RELAIS_REQUEST_PART = 2        /* carries one part of what its events are to the vendor, for instance one conversion
                                    rule. `note` names the part: 1 to 64 visible ASCII characters, at most 64 names a
                                    call. An event may then be in one request of each part. It is delivered when all
                                    of them are, rejected when one is and nothing is left to try, and else tried again
                                    as the gravest verdict says (AUTH_STOP, THROTTLE, SPLIT, RETRY, PARK, in this
                                    order); relais_event.done then names the parts that are delivered: leave them out */
};

/* One HTTP request. The host copies it in request().                                                        since 1.0 */
typedef struct relais_request {
  uint32_t struct_size; /* sizeof(relais_request) */
  uint32_t flags;       /* RELAIS_REQUEST_* */
  relais_str method;    /* "POST" or "GET"; absent: POST */
  relais_str url;       /* https, to a host the manifest names, or below the configured `endpoint`; at most 16 KiB */
  relais_list headers;  /* of relais_header; no Host, Content-Length, Connection or Transfer-Encoding, no CR or LF */
  relais_str body;
  relais_list events;   /* of uint32_t: indexes of the events of this encode call that the request carries */
  relais_str note;      /* at most 64 KiB; handed to classify() unchanged */
} relais_request;

/* What became of one event.                                                                                 since 1.0 */
typedef struct relais_verdict {
  uint32_t struct_size; /* sizeof(relais_verdict) */
  relais_verdict_code code;
  int64_t retry_after_ms; /* from now, for RETRY and THROTTLE; 0: the host decides */
  relais_str reason;      /* a stable word for metrics and receipts, [a-z0-9_]{1,64} */
  relais_str detail;      /* for people: the vendor's own text; at most 1 KiB is kept */
  relais_str key;         /* PARK: what is parked, for instance "rule:123" */
} relais_verdict;

/* Where encode() and classify() put their results.                                                          since 1.0 */
typedef struct relais_output {
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
  void *ctx;
  /* encode() only: adds a request. Returns RELAIS_E_LIMIT when the call's limits are reached; stop then. */
  relais_status (*request)(void *ctx, const relais_request *request);
  /* Gives event `event` its verdict, or all that have none (RELAIS_ALL_EVENTS). In encode: DROP, REJECT or PARK only. */
  relais_status (*settle)(void *ctx, uint32_t event, const relais_verdict *verdict);
} relais_output;

/* A request's outcome, for classify().                                                                      since 1.0 */
typedef struct relais_exchange {
  uint32_t struct_size;
  uint32_t flags;             /* RELAIS_EXCHANGE_* */
  relais_transport transport; /* RELAIS_TRANSPORT_NONE when status is an HTTP status */
  int32_t status;             /* 100-599, or 0 */
  relais_str note;            /* of the request */
  relais_list headers;        /* of relais_header; names in lower case */
  relais_str body;            /* not necessarily UTF-8; cut at the host's limit */
  uint32_t event_count;       /* events the request carried; settle() takes 0 ..< event_count, in the request's order */
  uint32_t reserved;          /* 0 */
  int64_t elapsed_ms;
} relais_exchange;

enum { RELAIS_EXCHANGE_TRUNCATED = 1 /* body is not complete */ };

/* ---- The table -------------------------------------------------------------------------------------------------- */

/* What the entry returns: constant, static storage, the same at every call.                                 since 1.0 */
typedef struct relais_plugin {
  uint32_t struct_size; /* sizeof(relais_plugin) */
  uint32_t abi_minor;   /* RELAIS_ABI_MINOR it was compiled against */
  relais_str manifest;  /* the same bytes as the ELF section; or nothing, when only the section has them */

  /* Makes an instance. config: a JSON object, valid by the manifest's schema, defaults filled in, secrets resolved.
   * No I/O, no threads, at most 250 ms. On error *out stays NULL and destroy() is not called. */
  relais_status (*create)(const relais_host *host, const relais_call *call, relais_str config, relais_instance **out);

  /* Frees the instance. */
  void (*destroy)(relais_instance *instance);

  /* Turns events (of relais_event) into requests. On RELAIS_OK every event index is covered by exactly one request
   * (RELAIS_REQUEST_PART: one of each part) or exactly one settle; anything else is a fault of the plugin. On an error
   * status nothing of the output is used. */
  relais_status (*encode)(relais_instance *instance, const relais_call *call, relais_list events,
                          const relais_output *output);

  /* Judges a request's outcome. Events without a verdict of their own take the one for RELAIS_ALL_EVENTS; if there is
   * none, and when this function is NULL, the host's policy applies: 2xx DELIVERED; 408, 425, 5xx and transport errors
   * RETRY; 429 and 503 with Retry-After THROTTLE; 413 SPLIT; 401, 403 AUTH_STOP; other 4xx REJECT. */
  relais_status (*classify)(relais_instance *instance, const relais_call *call, const relais_exchange *exchange,
                            const relais_output *output);

  /* A capability by id, or NULL. May itself be NULL. "relais.sink/1" is reserved for destinations that are not HTTP. */
  const void *(*extension)(relais_str id);
} relais_plugin;

/* The one exported symbol; its name carries the major version. Pure: no side effects, callable from any thread. */
#if defined(__GNUC__)
#define RELAIS_EXPORT __attribute__((visibility("default")))
#else
#define RELAIS_EXPORT
#endif
RELAIS_EXPORT const relais_plugin *relais_plugin_entry_v1(void);

/* ---- Macros ----------------------------------------------------------------------------------------------------- */

/* A relais_str of a string literal. */
#ifdef __cplusplus
#define RELAIS_STR(literal) (relais_str{"" literal, sizeof(literal) - 1})
#else
#define RELAIS_STR(literal) ((relais_str){"" literal, sizeof(literal) - 1})
#endif

/* RELAIS_MANIFEST("{...}"): puts the manifest into the ELF section the host reads. Once, at file scope. */
#if defined(__has_attribute)
#if __has_attribute(retain)
#define RELAIS_SECTION __attribute__((section("plugin_manifest"), used, retain))
#endif
#endif
#ifndef RELAIS_SECTION
#define RELAIS_SECTION __attribute__((section("plugin_manifest"), used))
#endif
#define RELAIS_MANIFEST(json)                                \
  enum { relais_manifest_size = (int)sizeof(json) - 1 };     \
  RELAIS_SECTION static const char relais_manifest_text[] = json

/* RELAIS_MANIFEST_FILE("manifest.json"): the same with the bytes of a file, by the assembler of gcc and clang. The path is
 * relative to the folder the compiler runs in, or to an -I folder. */
#define RELAIS_MANIFEST_FILE(path)                                                                            \
  __asm__(".pushsection plugin_manifest,\"a\"\n.incbin \"" path "\"\n.byte 0\n.popsection");                 \
  enum { relais_manifest_size = 0 };                                                                          \
  static const char relais_manifest_text[] = ""

/* RELAIS_PLUGIN(create, destroy, encode, classify): the table and the entry, after RELAIS_MANIFEST in the same file.
 * With -DRELAIS_PLUGIN_STATIC=name the entry is called name_relais_plugin_entry_v1, to link several plugins statically. */
#define RELAIS_JOIN_(a, b) a##b
#define RELAIS_JOIN(a, b) RELAIS_JOIN_(a, b)
#ifdef RELAIS_PLUGIN_STATIC
#define RELAIS_ENTRY RELAIS_JOIN(RELAIS_PLUGIN_STATIC, _relais_plugin_entry_v1)
#else
#define RELAIS_ENTRY relais_plugin_entry_v1
#endif
#ifdef __cplusplus
#define RELAIS_EXTERN_C extern "C"
#else
#define RELAIS_EXTERN_C extern
#endif
#define RELAIS_PLUGIN(create_fn, destroy_fn, encode_fn, classify_fn)                                          \
  static const relais_plugin relais_plugin_table = {                                                          \
      sizeof(relais_plugin), RELAIS_ABI_MINOR, {relais_manifest_text, relais_manifest_size},                  \
      create_fn, destroy_fn, encode_fn, classify_fn, NULL};                                                   \
  RELAIS_EXTERN_C RELAIS_EXPORT const relais_plugin *RELAIS_ENTRY(void);                                      \
  RELAIS_EXTERN_C RELAIS_EXPORT const relais_plugin *RELAIS_ENTRY(void) { return &relais_plugin_table; }      \
  typedef int relais_plugin_semicolon

#ifdef __cplusplus
}
#endif

#endif
