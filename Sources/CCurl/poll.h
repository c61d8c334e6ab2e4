#ifndef RELAIS_CCURL_POLL_H
#define RELAIS_CCURL_POLL_H

/* epoll, eventfd and thread names, which Swift's Glibc module leaves out. */

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

enum { RELAIS_POLL_READ = 1, RELAIS_POLL_WRITE = 2, RELAIS_POLL_ERROR = 4, RELAIS_POLL_MOST = 256 };

typedef struct relais_poll_event {
  int32_t descriptor;
  int32_t bits;
} relais_poll_event;

static inline int relais_eventfd(void) {
  return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

static inline int relais_poll_create(void) {
  return epoll_create1(EPOLL_CLOEXEC);
}

static inline struct epoll_event relais_poll_interest(int descriptor, int bits) {
  struct epoll_event event = {0};
  if (bits & RELAIS_POLL_READ) event.events |= EPOLLIN;
  if (bits & RELAIS_POLL_WRITE) event.events |= EPOLLOUT;
  event.data.fd = descriptor;
  return event;
}

static inline int relais_poll_add(int poll, int descriptor, int bits) {
  struct epoll_event event = relais_poll_interest(descriptor, bits);
  return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

static inline int relais_poll_change(int poll, int descriptor, int bits) {
  struct epoll_event event = relais_poll_interest(descriptor, bits);
  return epoll_ctl(poll, EPOLL_CTL_MOD, descriptor, &event);
}

static inline int relais_poll_remove(int poll, int descriptor) {
  return epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, NULL);
}

/* Fills at most RELAIS_POLL_MOST events; -1 milliseconds wait without end. */
static inline int relais_poll_wait(int poll, relais_poll_event *events, int milliseconds) {
  struct epoll_event ready[RELAIS_POLL_MOST];
  int count = epoll_wait(poll, ready, RELAIS_POLL_MOST, milliseconds);
  for (int i = 0; i < count; i++) {
    events[i].descriptor = ready[i].data.fd;
    events[i].bits = (ready[i].events & EPOLLIN ? RELAIS_POLL_READ : 0) |
                     (ready[i].events & EPOLLOUT ? RELAIS_POLL_WRITE : 0) |
                     (ready[i].events & (EPOLLERR | EPOLLHUP) ? RELAIS_POLL_ERROR : 0);
  }
  return count;
}

/* What ps and top show of the calling thread; 15 bytes of it. */
static inline void relais_name_thread(const char *name) {
  prctl(PR_SET_NAME, name);
}

#endif
