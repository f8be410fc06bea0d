// Counts heap allocations of this process while counting is on.
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

// Starts counting from zero.
void allocations_start(void);
// Stops and returns how often memory was asked for since the start, on any thread; -1 where the C library cannot be interposed.
long allocations_stop(void);

#endif
