#define _GNU_SOURCE
#include "CBalanceMapGuard.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { most_ranges = 4096 };

/// A free slot has the start 0. The handler reads what others write, without a lock.
static struct {
  atomic_uintptr_t start;
  atomic_uintptr_t end;
  atomic_bool failed;
} ranges[most_ranges];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_installed = false;
static struct sigaction previous;
static uintptr_t page_size;

/// Puts zeros in place of the range's pages from `address` on. mmap is a bare system call, which
/// may be made in a handler.
static bool replace(int number, uintptr_t address, uintptr_t end) {
  uintptr_t page = address & ~(page_size - 1);
  int flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS;
  if (mmap((void *)page, end - page, PROT_READ, flags, -1, 0) == MAP_FAILED) return false;
  atomic_store(&ranges[number].failed, true);
  return true;
}

static void handle(int signal, siginfo_t *info, void *context) {
  uintptr_t address = (uintptr_t)info->si_addr;
  for (int i = 0; i < most_ranges; i++) {
    uintptr_t start = atomic_load(&ranges[i].start);
    uintptr_t end = atomic_load(&ranges[i].end);
    if (start != 0 && address >= start && address < end && replace(i, address, end)) return;
  }
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
  } else {
    // The read is tried again, and ends the process.
    sigaction(SIGBUS, &previous, NULL);
  }
}

static void install(void) {
  struct sigaction action = {0};
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  is_installed = sigaction(SIGBUS, &action, &previous) == 0;
}

int map_guard_add(void *start, size_t length) {
  int number = -1;
  pthread_mutex_lock(&lock);
  if (!is_installed) install();
  for (int i = 0; i < most_ranges && is_installed; i++) {
    if (atomic_load(&ranges[i].start) != 0) continue;
    atomic_store(&ranges[i].failed, false);
    atomic_store(&ranges[i].end, (uintptr_t)start + length);
    atomic_store(&ranges[i].start, (uintptr_t)start);
    number = i;
    break;
  }
  pthread_mutex_unlock(&lock);
  return number;
}

bool map_guard_failed(int number) { return number >= 0 && atomic_load(&ranges[number].failed); }

void map_guard_remove(int number) {
  if (number >= 0) atomic_store(&ranges[number].start, 0);
}
