// Counts the heap allocations of one thread, by standing in for the C library's malloc and its sisters.
#ifndef ALLOC_COUNT_H
#define ALLOC_COUNT_H

// 0 where nothing is counted: another C library than glibc, or a sanitizer that has its own malloc.
int alloc_count_is_available(void);

// Starts counting the calling thread's allocations.
void alloc_count_begin(void);

// Stops, and gives their number.
long alloc_count_end(void);

#endif
