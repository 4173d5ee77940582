#define _GNU_SOURCE  // MAP_ANONYMOUS, MAP_NORESERVE

#include "include/fibers.h"

#include <stddef.h>

#if defined(__linux__)

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { stack_size = 8 << 20, guard_size = 64 << 10 };

struct ck_fibers {
  int count;
  int running;
  void (*body)(int, void *);
  void *context;
  // The first is the caller, on its own stack.
  ucontext_t *states;
  void **stacks;
};

// Round and round: who is reached again knows that all others have come as far as it has.
static void pass_on(ck_fibers *fibers) {
  const int from = fibers->running;
  fibers->running = (from + 1) % fibers->count;
  swapcontext(&fibers->states[from], &fibers->states[fibers->running]);
}

// Each run ends with the turn of the last fiber, and the next one goes on here.
static void live(unsigned high, unsigned low) {
  ck_fibers *fibers = (ck_fibers *)((uintptr_t)high << 32 | low);
  while (1) {
    fibers->body(fibers->running, fibers->context);
    pass_on(fibers);
  }
}

static int make_fiber(ck_fibers *fibers, int index) {
  void *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stack == MAP_FAILED) return 0;
  fibers->stacks[index] = stack;
  ucontext_t *state = &fibers->states[index];
  if (mprotect(stack, guard_size, PROT_NONE) != 0 || getcontext(state) != 0) return 0;
  state->uc_stack.ss_sp = stack;
  state->uc_stack.ss_size = stack_size;
  state->uc_link = NULL;
  const uintptr_t address = (uintptr_t)fibers;
  makecontext(state, (void (*)(void))live, 2, (unsigned)(address >> 32), (unsigned)address);
  return 1;
}

ck_fibers *ck_fibers_make(int count) {
  ck_fibers *fibers = calloc(1, sizeof *fibers);
  if (fibers == NULL) return NULL;
  fibers->count = count;
  fibers->states = calloc((size_t)count, sizeof *fibers->states);
  fibers->stacks = calloc((size_t)count, sizeof *fibers->stacks);
  int made = fibers->states != NULL && fibers->stacks != NULL;
  for (int index = 1; made && index < count; index++) made = make_fiber(fibers, index);
  if (made) return fibers;
  ck_fibers_free(fibers);
  return NULL;
}

void ck_fibers_free(ck_fibers *fibers) {
  if (fibers == NULL) return;
  for (int index = 1; fibers->stacks != NULL && index < fibers->count; index++)
    if (fibers->stacks[index] != NULL) munmap(fibers->stacks[index], stack_size);
  free(fibers->stacks);
  free(fibers->states);
  free(fibers);
}

void ck_fibers_run(ck_fibers *fibers, void (*body)(int, void *), void *context) {
  fibers->body = body;
  fibers->context = context;
  fibers->running = 0;
  body(0, context);
  if (fibers->count > 1) pass_on(fibers);
}

void ck_fibers_meet(ck_fibers *fibers) {
  if (fibers->count > 1) pass_on(fibers);
}

#else

ck_fibers *ck_fibers_make(int count) {
  (void)count;
  return NULL;
}
void ck_fibers_free(ck_fibers *fibers) { (void)fibers; }
void ck_fibers_run(ck_fibers *fibers, void (*body)(int, void *), void *context) {
  (void)fibers, (void)body, (void)context;
}
void ck_fibers_meet(ck_fibers *fibers) { (void)fibers; }

#endif
