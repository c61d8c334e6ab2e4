/* A clock for LD_PRELOAD that jumps at every reading, from 1969 to 2100 and back. */
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

static time_t next(void) {
  static const time_t times[] = {-1, 4102444800, 0, 2147483647, 2147483648, 1774747800, 1793494800};
  static unsigned reading;
  return times[reading++ % (sizeof times / sizeof times[0])];
}

time_t time(time_t *result) {
  time_t now = next();
  if (result) *result = now;
  return now;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone) {
  (void)zone;
  *tv = (struct timeval){next(), 0};
  return 0;
}

int clock_gettime(clockid_t clock, struct timespec *ts) {
  (void)clock;
  *ts = (struct timespec){next(), 0};
  return 0;
}
