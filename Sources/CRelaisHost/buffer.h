/* buffer.h - growing bytes, a checked cursor over bytes, and the arena of a call. */
#ifndef RELAIS_HOST_BUFFER_H
#define RELAIS_HOST_BUFFER_H

#include <stdbool.h>
#include <string.h>

#include <relais/event.h>

#include "CRelaisHost.h"

typedef relais_host_buffer host_buffer;

bool host_reserve(host_buffer *buffer, size_t extra);
void host_put(host_buffer *buffer, const void *bytes, size_t length);
void host_put_u8(host_buffer *buffer, uint8_t value);
void host_put_u32(host_buffer *buffer, uint32_t value);
void host_put_u64(host_buffer *buffer, uint64_t value);
void host_put_f64(host_buffer *buffer, double value);
void host_put_str(host_buffer *buffer, relais_str text);
void host_put_text(host_buffer *buffer, const char *text);
void host_put_buffer(host_buffer *buffer, const host_buffer *other);
/* Overwrites four bytes that are there already. */
void host_set_u32(host_buffer *buffer, size_t at, uint32_t value);
/* Empties the buffer; gives memory beyond `keep` back. */
void host_clear(host_buffer *buffer, size_t keep);

/* A cursor. Reading past the end gives zeros and sets `bad`, which stays set. */
typedef struct host_reader {
  const uint8_t *at;
  size_t left;
  bool bad;
} host_reader;

uint8_t host_take_u8(host_reader *reader);
uint32_t host_take_u32(host_reader *reader);
uint64_t host_take_u64(host_reader *reader);
relais_str host_take_str(host_reader *reader);
host_reader host_take_part(host_reader *reader, size_t length);

static inline uint16_t host_u16_at(const uint8_t *bytes) {
  return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t host_u32_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
         (uint32_t)bytes[3] << 24;
}

static inline uint64_t host_u64_at(const uint8_t *bytes) {
  return (uint64_t)host_u32_at(bytes) | (uint64_t)host_u32_at(bytes + 4) << 32;
}

static inline double host_f64_at(const uint8_t *bytes) {
  uint64_t bits = host_u64_at(bytes);
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Memory of a call, freed all at once. */
typedef struct host_block host_block;
typedef struct host_arena {
  host_block *blocks; /* the newest first */
  size_t used;        /* of the newest block */
  size_t total;       /* bytes of all blocks */
  size_t limit;
} host_arena;

/* NULL when the limit is reached, memory is out, or align is not a power of two up to 64. */
void *host_alloc(host_arena *arena, size_t size, size_t align);
void host_arena_reset(host_arena *arena);
void host_arena_free(host_arena *arena);

#endif
