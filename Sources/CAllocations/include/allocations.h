// Counts heap allocations: of this process while counting is on, or of one thread that is watched.
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stddef.h>

// Starts counting from zero.
void allocations_start(void);
// Stops and returns how often memory was asked for since the start, on any thread; -1 where the C library cannot be interposed.
long allocations_stop(void);

// What one thread asked for.
typedef struct {
  size_t requests;
  // The sum of all requests, whether returned meanwhile or not.
  size_t bytes;
  // The largest request.
  size_t largest;
} allocations_t;

// Starts to watch the calling thread, from zero.
void allocations_watch(void);
// Stops watching the calling thread and returns what it asked for; all zero where the C library cannot be interposed.
allocations_t allocations_seen(void);
// Whether the C library can be interposed.
int allocations_supported(void);
// Whether it cannot because a sanitizer counts them itself.
int allocations_sanitized(void);

#endif
