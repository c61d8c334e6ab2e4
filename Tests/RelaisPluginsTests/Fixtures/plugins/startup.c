/* Fails while it starts, in the way that FAILS names. */
#define ID "startup"
#include "support.h"

#include <signal.h>
#include <unistd.h>

#define CRASHES 1
#define HANGS 2
#define CRASHES_ON_LOAD 3
#define CRASHES_ON_DESTROY 4

RELAIS_MANIFEST(MANIFEST);

__attribute__((constructor)) static void load(void) {
  if (FAILS == CRASHES_ON_LOAD) raise(SIGILL);
}

static relais_status create(const relais_host *host, const relais_call *call, relais_str config,
                            relais_instance **out) {
  if (FAILS == CRASHES) raise(SIGBUS);
  if (FAILS == HANGS) {
    for (;;) pause();
  }
  return support_create(host, call, config, out);
}

static void destroy(relais_instance *instance) {
  if (FAILS == CRASHES_ON_DESTROY) raise(SIGSEGV);
  support_destroy(instance);
}

RELAIS_PLUGIN(create, destroy, support_encode, NULL);
