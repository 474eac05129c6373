// Runs the steps of a plan, alone or as one of several threads.
#include "CKernels.h"

#include "clock.h"

#include <sched.h>

static int is_empty(nn_range range) { return range.row_begin >= range.row_end || range.column_begin >= range.column_end; }

// Whether a thread other than thread 0 works in the step. All threads come to the same answer.
static int is_threaded(const nn_plan *plan, int32_t step) {
  for (int32_t thread = 1; step < plan->step_count && thread < plan->thread_count; thread++) {
    if (!is_empty(plan->ranges[step * plan->thread_count + thread])) {
      return 1;
    }
  }
  return 0;
}

// Returns when every thread has called it. The threads of a run are meant to have a core each, so they spin; one that has
// waited for some microseconds gives its core away: where cores are fewer than threads, the one it waits for may need it.
static void barrier_wait(nn_barrier *barrier, int32_t thread_count) {
  enum { SPINS_BEFORE_YIELD = 100 };
  int32_t generation = __atomic_load_n(&barrier->generation, __ATOMIC_RELAXED);
  if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == thread_count) {
    __atomic_store_n(&barrier->arrived, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&barrier->generation, (int32_t)((uint32_t)generation + 1), __ATOMIC_RELEASE);
    return;
  }
  for (int32_t spins = 0; __atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE) == generation; spins++) {
    nn_spin_pause();
    if (spins == SPINS_BEFORE_YIELD) {
      sched_yield();
      spins = 0;
    }
  }
}

static void run_share(const nn_plan *plan, int32_t step, int32_t thread, uint8_t *arena, uint8_t *scratch) {
  nn_range range = plan->ranges[step * plan->thread_count + thread];
  if (!is_empty(range)) {
    plan->steps[step].kernel(&plan->steps[step], arena, scratch, range);
  }
}

void nn_plan_walk(const nn_plan *plan, int32_t thread, nn_barrier *barrier, uint8_t *arena, uint8_t *scratch) {
  int threaded = is_threaded(plan, 0);
  for (int32_t step = 0; step < plan->step_count; step++) {
    int next_threaded = is_threaded(plan, step + 1);
    run_share(plan, step, thread, arena, scratch);
    if (threaded || next_threaded) {
      barrier_wait(barrier, plan->thread_count);
    }
    threaded = next_threaded;
  }
}

void nn_plan_walk_profiled(const nn_plan *plan, uint8_t *arena, uint8_t *scratch, uint64_t *nanoseconds) {
  for (int32_t step = 0; step < plan->step_count; step++) {
    uint64_t start = nn_now_nanoseconds();
    for (int32_t thread = 0; thread < plan->thread_count; thread++) {
      run_share(plan, step, thread, arena, scratch);
    }
    nanoseconds[step] = nn_now_nanoseconds() - start;
  }
}
