// The C library's allocation functions, replaced by ones that count and then call the library's own.
#include "include/allocations.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

static atomic_int counting;
static atomic_long count;

// The model that needs no allocation of its own, which a lazily made thread variable would.
static _Thread_local int watching __attribute__((tls_model("initial-exec")));
static _Thread_local allocations_t seen __attribute__((tls_model("initial-exec")));

// A sanitizer has functions of its own in the place of these.
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))

#if (defined(__GLIBC__) || (defined(__linux__) && __has_include(<gnu/libc-version.h>))) && !SANITIZED

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t items, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static inline void note(size_t size) {
  if (atomic_load_explicit(&counting, memory_order_relaxed)) atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
  if (!watching) return;
  seen.requests++;
  seen.bytes += size;
  if (size > seen.largest) seen.largest = size;
}

void *malloc(size_t size) {
  note(size);
  return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
  size_t total;
  note(__builtin_mul_overflow(items, size, &total) ? SIZE_MAX : total);
  return __libc_calloc(items, size);
}

void *realloc(void *old, size_t size) {
  note(size);
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  note(size);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  note(size);
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *out = memory;
  return 0;
}

#define SUPPORTED 1
#else
#define SUPPORTED 0
#endif

void allocations_start(void) {
  atomic_store(&count, 0);
  atomic_store(&counting, 1);
}

long allocations_stop(void) {
  atomic_store(&counting, 0);
  return SUPPORTED ? atomic_load(&count) : -1;
}

void allocations_watch(void) {
  seen = (allocations_t){0};
  watching = 1;
}

allocations_t allocations_seen(void) {
  watching = 0;
  return seen;
}

int allocations_supported(void) { return SUPPORTED; }

int allocations_sanitized(void) { return SANITIZED; }
