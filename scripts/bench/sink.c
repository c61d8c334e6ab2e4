/* A vendor that answers everything at once with its plain success, for benchmarks of the relay:
 *
 *   sink PORT        on 127.0.0.1; GET /_count answers {"requests":n,"events":n}
 *
 * The answer follows the first part of the path, as in the sandbox: graph.facebook.com,
 * business-api.tiktok.com, api.linkedin.com, anything else 204; what goes to silent/ gets none.
 * One thread, keep-alive, bodies with Content-Length only.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 1 << 16, LIMIT = 32 << 20, EVENTS = 256 };

typedef struct connection {
  int fd;
  char *bytes;
  size_t count, capacity;
} connection;

static unsigned long long requests, events;

static size_t occurrences(const char *bytes, size_t count, const char *needle) {
  size_t found = 0, length = strlen(needle);
  const char *end = bytes + count;
  while ((bytes = memmem(bytes, (size_t)(end - bytes), needle, length))) {
    found += 1;
    bytes += length;
  }
  return found;
}

static void answer(int fd, const char *status, const char *body) {
  char text[8192];
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 %s\r\ncontent-type: application/json\r\n"
                        "content-length: %zu\r\n\r\n%s",
                        status, strlen(body), body);
  if (length > 0 && send(fd, text, (size_t)length, MSG_NOSIGNAL) != length) perror("send");
}

static void answer_linkedin(int fd, size_t count) {
  static const char element[] = "{\"status\":201},";
  char body[4096] = "{\"elements\":[";
  size_t at = strlen(body);
  for (size_t i = 0; i < count && at + sizeof element + 2 < sizeof body; i++) {
    memcpy(body + at, element, sizeof element);
    at += sizeof element - 1;
  }
  if (count) at -= 1;
  memcpy(body + at, "]}", 3);
  answer(fd, "200 OK", body);
}

static void respond(int fd, const char *target, const char *body, size_t count) {
  char text[128];
  size_t carried = 1;
  if (strncmp(target, "/_count", 7) == 0) {
    snprintf(text, sizeof text, "{\"requests\":%llu,\"events\":%llu}", requests, events);
    answer(fd, "200 OK", text);
    return;
  }
  if (strncmp(target, "/silent/", 8) == 0) return;
  if (strncmp(target, "/graph.facebook.com/", 20) == 0) {
    carried = occurrences(body, count, "\"event_name\"");
    snprintf(text, sizeof text,
             "{\"events_received\":%zu,\"messages\":[],\"fbtrace_id\":\"A\"}", carried);
    answer(fd, "200 OK", text);
  } else if (strncmp(target, "/business-api.tiktok.com/", 25) == 0) {
    carried = occurrences(body, count, "\"event_id\"");
    answer(fd, "200 OK", "{\"code\":0,\"message\":\"OK\",\"request_id\":\"A\",\"data\":{}}");
  } else if (strncmp(target, "/api.linkedin.com/", 18) == 0) {
    carried = occurrences(body, count, "\"conversionHappenedAt\"");
    if (memmem(body, count, "\"elements\"", 10)) answer_linkedin(fd, carried);
    else answer(fd, "201 Created", "");
  } else if (send(fd, "HTTP/1.1 204 No Content\r\n\r\n", 27, MSG_NOSIGNAL) != 27) {
    perror("send");
  }
  requests += 1;
  events += carried;
}

/* Bytes of the first request, 0 when some are missing. */
static size_t serve_one(connection *c) {
  char *end = memmem(c->bytes, c->count, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t head = (size_t)(end - c->bytes) + 4, length = 0;
  for (char *line = c->bytes; line < end;) {
    if (strncasecmp(line, "content-length:", 15) == 0) length = strtoul(line + 15, NULL, 10);
    char *next = memmem(line, (size_t)(end + 2 - line), "\r\n", 2);
    line = next ? next + 2 : end;
  }
  if (length > LIMIT || c->count < head + length) return 0;
  char *target = memchr(c->bytes, ' ', head);
  if (target) respond(c->fd, target + 1, c->bytes + head, length);
  return head + length;
}

/* False ends the connection. */
static int receive(connection *c) {
  if (c->capacity - c->count < READ_SIZE) {
    char *larger = c->capacity < LIMIT ? realloc(c->bytes, c->capacity + 2 * READ_SIZE) : NULL;
    if (!larger) return 0;
    c->bytes = larger;
    c->capacity += 2 * READ_SIZE;
  }
  ssize_t count = recv(c->fd, c->bytes + c->count, c->capacity - c->count, 0);
  if (count <= 0) return count < 0 && errno == EAGAIN;
  c->count += (size_t)count;
  size_t taken, done = 0;
  connection rest = *c;
  while ((taken = serve_one(&rest))) {
    done += taken;
    rest.bytes += taken;
    rest.count -= taken;
  }
  memmove(c->bytes, c->bytes + done, c->count - done);
  c->count -= done;
  return 1;
}

static void take_connection(int listener, int poll) {
  int on = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  connection *c = fd >= 0 ? calloc(1, sizeof *c) : NULL;
  if (!c) return;
  c->fd = fd;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

int main(int argc, char **argv) {
  int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int poll = epoll_create1(EPOLL_CLOEXEC);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event ready[EVENTS], event = {.events = EPOLLIN};
  if (argc != 2) return fprintf(stderr, "usage: sink PORT\n"), 2;
  address.sin_port = htons((uint16_t)atoi(argv[1]));
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 512))
    return perror("listen"), 1;
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int count = epoll_wait(poll, ready, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      connection *c = ready[i].data.ptr;
      if (!c) take_connection(listener, poll);
      else if (!receive(c)) {
        close(c->fd);
        free(c->bytes);
        free(c);
      }
    }
  }
}
