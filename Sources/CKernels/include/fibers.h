// Several calls of a function that take turns on one thread.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ck_fibers ck_fibers;

// For `count` calls at a time; NULL where there is no memory for their stacks, or the system knows
// no fibers.
ck_fibers *ck_fibers_make(int count);
void ck_fibers_free(ck_fibers *fibers);
// Calls body(index, context) for each index below the count, and returns when all calls have ended.
// All must call `ck_fibers_meet` equally often.
void ck_fibers_run(ck_fibers *fibers, void (*body)(int index, void *context), void *context);
// Within a body: returns when all others have come as far.
void ck_fibers_meet(ck_fibers *fibers);

#ifdef __cplusplus
}
#endif
