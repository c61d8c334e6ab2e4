/* relais-plugin-host - runs one plugin for `relais`, apart from it.
 *
 * Descriptor 3 is a stream socket to the parent: one INIT frame, answered by READY, then CALLS frames,
 * each answered by REPLIES; LOG frames may come before an answer (CRelaisHost.h has the bytes). Ends
 * with the parent, or when the socket is closed. A call that outlives its time-out ends the process by
 * SIGALRM. Exit status: 0 the parent is done, 64 not started by relais, 70 the parent broke the
 * protocol, 71 the system refused something, 74 the socket broke. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <CRelaisHost.h>

enum { SOCKET = 3, KEPT_BYTES = 256 * 1024, FIRST_READ = 64 * 1024, WATCH_GRACE_MS = 250 };
enum { EXIT_USAGE = 64, EXIT_PROTOCOL = 70, EXIT_SYSTEM = 71, EXIT_SOCKET = 74 };

/* Dies with the parent, has nothing of it but the socket, and leaves no core dump with secrets
 * in it. */
static void confine(int argc, char **argv) {
  struct rlimit no_core = {0, 0};
  if (argc != 2 || strspn(argv[1], "0123456789") != strlen(argv[1])) {
    fputs("relais-plugin-host is started by relais, not by hand\n", stderr);
    exit(EXIT_USAGE);
  }
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) exit(EXIT_SYSTEM);
  if (getppid() != (pid_t)strtol(argv[1], NULL, 10)) exit(0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) exit(EXIT_SYSTEM);
  if (setrlimit(RLIMIT_CORE, &no_core) != 0) exit(EXIT_SYSTEM);
  if (close_range(SOCKET + 1, ~0U, 0) != 0 || clearenv() != 0) exit(EXIT_SYSTEM);
  signal(SIGPIPE, SIG_IGN);
  setvbuf(stdout, NULL, _IOLBF, 0);
}

static void must_send(const uint8_t *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(SOCKET, bytes, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) exit(EXIT_SOCKET);
    bytes += sent;
    length -= (size_t)sent;
  }
}

static void put_u32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_u32(const uint8_t *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void write_header(uint8_t *at, uint8_t kind, size_t length) {
  put_u32(at, RELAIS_FRAME_MAGIC);
  at[4] = RELAIS_FRAME_VERSION;
  at[5] = 0;
  at[6] = kind;
  at[7] = 0;
  put_u32(at + 8, (uint32_t)length);
}

static void write_log(void *context, int32_t level, const char *text, size_t length) {
  uint8_t frame[RELAIS_FRAME_HEADER + 8 + 2048];
  (void)context;
  if (length > 2048) length = 2048;
  write_header(frame, RELAIS_FRAME_LOG, 8 + length);
  put_u32(frame + RELAIS_FRAME_HEADER, (uint32_t)level);
  put_u32(frame + RELAIS_FRAME_HEADER + 4, (uint32_t)length);
  memcpy(frame + RELAIS_FRAME_HEADER + 8, text, length);
  must_send(frame, RELAIS_FRAME_HEADER + 8 + length);
}

/* SIGALRM's default action is the end of the process, which the parent reads as "hung". */
static void watch(void *context, int64_t milliseconds) {
  struct itimerval timer = {0};
  (void)context;
  if (milliseconds > 0) {
    milliseconds += WATCH_GRACE_MS;
    timer.it_value.tv_sec = milliseconds / 1000;
    timer.it_value.tv_usec = milliseconds % 1000 * 1000;
  }
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void must_grow(relais_host_buffer *buffer, size_t capacity) {
  if (buffer->capacity >= capacity) return;
  uint8_t *bytes = realloc(buffer->bytes, capacity);
  if (!bytes) exit(EXIT_SYSTEM);
  buffer->bytes = bytes;
  buffer->capacity = capacity;
}

/* Reads until the buffer has `length` bytes. False at the end of the stream before its first
 * byte. */
static int read_until(relais_host_buffer *buffer, size_t length) {
  while (buffer->length < length) {
    ssize_t got = read(SOCKET, buffer->bytes + buffer->length, buffer->capacity - buffer->length);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0 && buffer->length == 0) return 0;
    if (got <= 0) exit(EXIT_SOCKET);
    buffer->length += (size_t)got;
  }
  return 1;
}

/* Reads one frame into the buffer, its header at the front. False at the end of the stream. */
static int read_frame(relais_host_buffer *buffer, uint8_t kind) {
  if (buffer->capacity > KEPT_BYTES) relais_host_buffer_free(buffer);
  buffer->length = 0;
  must_grow(buffer, FIRST_READ);
  if (!read_until(buffer, RELAIS_FRAME_HEADER)) return 0;
  const uint8_t *header = buffer->bytes;
  int version = header[4] | header[5] << 8;
  int legal = get_u32(header) == RELAIS_FRAME_MAGIC && version == RELAIS_FRAME_VERSION;
  size_t length = get_u32(header + 8);
  if (!legal || header[6] != kind || length > RELAIS_FRAME_LIMIT) exit(EXIT_PROTOCOL);
  must_grow(buffer, RELAIS_FRAME_HEADER + length);
  read_until(buffer, RELAIS_FRAME_HEADER + length);
  if (buffer->length != RELAIS_FRAME_HEADER + length) exit(EXIT_PROTOCOL);
  return 1;
}

/* Empties the buffer but for room for a header. */
static void begin_frame(relais_host_buffer *buffer) {
  if (buffer->capacity > KEPT_BYTES) relais_host_buffer_free(buffer);
  must_grow(buffer, RELAIS_FRAME_HEADER);
  buffer->length = RELAIS_FRAME_HEADER;
  buffer->failed = 0;
}

static void send_frame(relais_host_buffer *buffer, uint8_t kind) {
  write_header(buffer->bytes, kind, buffer->length - RELAIS_FRAME_HEADER);
  fflush(stdout);
  must_send(buffer->bytes, buffer->length);
}

static relais_host_session *open_session(relais_host_buffer *in, relais_host_buffer *out) {
  relais_host_services services = {.log = write_log, .watch = watch};
  if (!read_frame(in, RELAIS_FRAME_INIT)) exit(0);
  begin_frame(out);
  relais_host_session *session =
      relais_host_open(in->bytes + RELAIS_FRAME_HEADER, in->length - RELAIS_FRAME_HEADER, services,
                       out);
  explicit_bzero(in->bytes, in->length);
  if (out->failed) exit(EXIT_SYSTEM);
  send_frame(out, RELAIS_FRAME_READY);
  return session;
}

int main(int argc, char **argv) {
  relais_host_buffer in = {0};
  relais_host_buffer out = {0};
  confine(argc, argv);
  relais_host_session *session = open_session(&in, &out);
  if (!session) return 0;
  while (read_frame(&in, RELAIS_FRAME_CALLS)) {
    begin_frame(&out);
    const uint8_t *calls = in.bytes + RELAIS_FRAME_HEADER;
    size_t length = in.length - RELAIS_FRAME_HEADER;
    if (relais_host_perform(session, calls, length, &out) != 0) return EXIT_PROTOCOL;
    send_frame(&out, RELAIS_FRAME_REPLIES);
  }
  watch(NULL, 2000);
  relais_host_close(session);
  return 0;
}
