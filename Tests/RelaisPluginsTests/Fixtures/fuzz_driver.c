/* fuzz_driver INIT CALLS ROUNDS SEED: opens the plugin of the INIT payload and performs ROUNDS mutations of the CALLS payload,
 * each in memory of exactly its size. Meant to be compiled with -fsanitize=address,undefined. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CRelaisHost.h>

static uint64_t state;

static uint32_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 16);
}

static uint8_t *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) exit(2);
  *length = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(*length + 1);
  if (!bytes || fread(bytes, 1, *length, file) != *length) exit(2);
  fclose(file);
  return bytes;
}

static void mutate(uint8_t *bytes, size_t length) {
  static const uint32_t values[] = {0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
  uint32_t changes = 1 + next_random() % 6;
  while (changes-- > 0 && length > 4) {
    size_t at = next_random() % (length - 3);
    uint32_t value = values[next_random() % 9];
    switch (next_random() % 3) {
      case 0: bytes[at] = (uint8_t)next_random(); break;
      case 1: memcpy(bytes + at, &value, 4); break;
      default: {
        uint32_t word;
        memcpy(&word, bytes + at, 4);
        word += next_random() % 64 - 32;
        memcpy(bytes + at, &word, 4);
        break;
      }
    }
  }
}

static uint8_t *mutated(const uint8_t *bytes, size_t *length) {
  if (next_random() % 8 == 0) *length = next_random() % (*length + 1);
  uint8_t *copy = malloc(*length ? *length : 1);
  if (!copy) exit(2);
  memcpy(copy, bytes, *length);
  mutate(copy, *length);
  return copy;
}

static void try_rules(const uint8_t *init, size_t init_length, const uint8_t *calls, size_t calls_length) {
  char detail[100];
  uint8_t *bytes = mutated(init, &init_length);
  relais_host_rules *rules = relais_host_rules_create(bytes, init_length);
  uint8_t *request = mutated(calls, &calls_length);
  if (rules) relais_host_rules_judge(rules, request, calls_length, detail, sizeof detail);
  relais_host_rules_destroy(rules);
  free(request);
  free(bytes);
}

int main(int argc, char **argv) {
  size_t init_length = 0;
  size_t calls_length = 0;
  relais_host_services services = {0};
  relais_host_buffer replies = {0};
  unsigned long accepted = 0;
  if (argc != 5) return 2;
  uint8_t *init = read_file(argv[1], &init_length);
  uint8_t *calls = read_file(argv[2], &calls_length);
  unsigned long rounds = strtoul(argv[3], NULL, 10);
  state = strtoull(argv[4], NULL, 10) | 1;
  relais_host_session *session = relais_host_open(init, init_length, services, &replies);
  if (!session) return 3;
  replies.length = 0;
  if (relais_host_perform(session, calls, calls_length, &replies) != 0) return 4;
  for (unsigned long round = 0; round < rounds; round++) {
    size_t length = calls_length;
    uint8_t *bytes = mutated(calls, &length);
    replies.length = 0;
    replies.failed = 0;
    accepted += relais_host_perform(session, bytes, length, &replies) == 0;
    free(bytes);
    if (round % 16 == 0) try_rules(init, init_length, calls, calls_length);
  }
  relais_host_close(session);
  relais_host_buffer_free(&replies);
  free(init);
  free(calls);
  printf("%lu of %lu frames were whole\n", accepted, rounds);
  return 0;
}
