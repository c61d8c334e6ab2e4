#include "buffer.h"

#include <stdlib.h>

enum { BLOCK_SIZE = 64 * 1024, KEPT_BLOCK = 256 * 1024 };

void relais_host_buffer_free(relais_host_buffer *buffer) {
  free(buffer->bytes);
  *buffer = (relais_host_buffer){0};
}

bool host_reserve(host_buffer *buffer, size_t extra) {
  const size_t limit = (size_t)RELAIS_FRAME_LIMIT + RELAIS_FRAME_HEADER;
  if (buffer->failed) return false;
  if (extra <= buffer->capacity - buffer->length) return true;
  size_t capacity = buffer->capacity ? buffer->capacity : 1024;
  uint8_t *bytes = NULL;
  if (extra <= limit && buffer->length <= limit - extra) {
    while (capacity - buffer->length < extra) capacity *= 2;
    bytes = realloc(buffer->bytes, capacity);
  }
  if (!bytes) {
    buffer->failed = 1;
    return false;
  }
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return true;
}

void host_put(host_buffer *buffer, const void *bytes, size_t length) {
  if (length == 0 || !host_reserve(buffer, length)) return;
  memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
}

void host_put_u8(host_buffer *buffer, uint8_t value) { host_put(buffer, &value, 1); }

static void store_u32(uint8_t *bytes, uint32_t value) {
  bytes[0] = (uint8_t)value;
  bytes[1] = (uint8_t)(value >> 8);
  bytes[2] = (uint8_t)(value >> 16);
  bytes[3] = (uint8_t)(value >> 24);
}

void host_put_u32(host_buffer *buffer, uint32_t value) {
  uint8_t bytes[4];
  store_u32(bytes, value);
  host_put(buffer, bytes, sizeof bytes);
}

void host_put_u64(host_buffer *buffer, uint64_t value) {
  uint8_t bytes[8];
  store_u32(bytes, (uint32_t)value);
  store_u32(bytes + 4, (uint32_t)(value >> 32));
  host_put(buffer, bytes, sizeof bytes);
}

void host_put_f64(host_buffer *buffer, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  host_put_u64(buffer, bits);
}

void host_put_str(host_buffer *buffer, relais_str text) {
  size_t length = text.ptr ? text.len : 0;
  if (length > RELAIS_FRAME_LIMIT) {
    buffer->failed = 1;
    return;
  }
  host_put_u32(buffer, (uint32_t)length);
  host_put(buffer, text.ptr, length);
}

void host_put_text(host_buffer *buffer, const char *text) {
  host_put_str(buffer, (relais_str){text, strlen(text)});
}

void host_put_buffer(host_buffer *buffer, const host_buffer *other) {
  if (other->failed) buffer->failed = 1;
  host_put(buffer, other->bytes, other->length);
}

void host_set_u32(host_buffer *buffer, size_t at, uint32_t value) {
  if (!buffer->failed && at + 4 <= buffer->length) store_u32(buffer->bytes + at, value);
}

void host_clear(host_buffer *buffer, size_t keep) {
  if (buffer->capacity > keep) {
    relais_host_buffer_free(buffer);
    return;
  }
  buffer->length = 0;
  buffer->failed = 0;
}

host_reader host_take_part(host_reader *reader, size_t length) {
  if (reader->bad || length > reader->left) {
    reader->bad = true;
    return (host_reader){.bad = true};
  }
  host_reader part = {.at = reader->at, .left = length};
  reader->at += length;
  reader->left -= length;
  return part;
}

uint8_t host_take_u8(host_reader *reader) {
  host_reader part = host_take_part(reader, 1);
  return part.bad ? 0 : part.at[0];
}

uint32_t host_take_u32(host_reader *reader) {
  host_reader part = host_take_part(reader, 4);
  return part.bad ? 0 : host_u32_at(part.at);
}

uint64_t host_take_u64(host_reader *reader) {
  host_reader part = host_take_part(reader, 8);
  return part.bad ? 0 : host_u64_at(part.at);
}

relais_str host_take_str(host_reader *reader) {
  host_reader part = host_take_part(reader, host_take_u32(reader));
  return part.bad ? (relais_str){0} : (relais_str){(const char *)part.at, part.left};
}

struct host_block {
  host_block *next;
  size_t size;
  unsigned char bytes[];
};

static bool add_block(host_arena *arena, size_t size) {
  if (size > arena->limit || arena->total > arena->limit - size) return false;
  host_block *block = malloc(sizeof *block + size);
  if (!block) return false;
  block->next = arena->blocks;
  block->size = size;
  arena->blocks = block;
  arena->used = 0;
  arena->total += size;
  return true;
}

static void *carve(host_arena *arena, size_t size, size_t align) {
  if (!arena->blocks) return NULL;
  uintptr_t start = (uintptr_t)(arena->blocks->bytes + arena->used);
  size_t padding = (size_t)(-start & (align - 1));
  size_t left = arena->blocks->size - arena->used;
  if (padding > left || size > left - padding) return NULL;
  arena->used += padding + size;
  return (void *)(start + padding);
}

void *host_alloc(host_arena *arena, size_t size, size_t align) {
  if (align == 0 || align > 64 || (align & (align - 1)) != 0) return NULL;
  if (size > arena->limit) return NULL;
  if (size == 0) size = 1;
  void *memory = carve(arena, size, align);
  if (memory) return memory;
  size_t wanted = size + align;
  if (wanted < BLOCK_SIZE) wanted = BLOCK_SIZE;
  if (wanted < arena->total) wanted = arena->total;
  if (!add_block(arena, wanted) && !add_block(arena, size + align)) return NULL;
  return carve(arena, size, align);
}

void host_arena_reset(host_arena *arena) {
  host_block *kept = NULL;
  while (arena->blocks) {
    host_block *block = arena->blocks;
    arena->blocks = block->next;
    if (!kept && block->size <= KEPT_BLOCK) {
      kept = block;
    } else {
      free(block);
    }
  }
  if (kept) kept->next = NULL;
  arena->blocks = kept;
  arena->used = 0;
  arena->total = kept ? kept->size : 0;
}

void host_arena_free(host_arena *arena) {
  host_arena_reset(arena);
  free(arena->blocks);
  arena->blocks = NULL;
  arena->total = 0;
}
