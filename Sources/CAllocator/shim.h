#ifndef RELAIS_CALLOCATOR_SHIM_H
#define RELAIS_CALLOCATOR_SHIM_H

#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif

/* Gives memory that was freed back to the system, where the C library keeps it otherwise. */
static inline void relais_return_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

#endif
