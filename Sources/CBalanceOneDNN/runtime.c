#include "internal.h"

#include <pthread.h>
#include <stdio.h>

extern void omp_set_num_threads(int);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
// What compilers make of `#pragma omp parallel`; called by name, since packages may not ask for
// -fopenmp.
extern void GOMP_parallel(void (*)(void *), void *, unsigned threads, unsigned flags);

static dnnl_engine_t the_engine;
static pthread_once_t the_engine_once = PTHREAD_ONCE_INIT;

static void make_engine(void) {
  if (dnnl_engine_create(&the_engine, dnnl_cpu, 0) != dnnl_success) the_engine = NULL;
}

dnnl_engine_t odn_engine(void) {
  pthread_once(&the_engine_once, make_engine);
  return the_engine;
}

const char *odn_status_name(dnnl_status_t status) {
  switch (status) {
    case dnnl_success: return "success";
    case dnnl_out_of_memory: return "out of memory";
    case dnnl_invalid_arguments: return "invalid arguments";
    case dnnl_unimplemented: return "not implemented on this machine";
    default: return "runtime error";
  }
}

void odn_explain(char *error, size_t size, const char *what, dnnl_status_t status) {
  if (error != NULL && size > 0) snprintf(error, size, "%s: %s", what, odn_status_name(status));
}

dnnl_status_t odn_desc_make(dnnl_memory_desc_t *desc, int dimensions, const dnnl_dims_t sizes,
                            dnnl_data_type_t type, dnnl_format_tag_t tag) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_create_with_tag(desc, dimensions, sizes, type, tag);
#else
  return dnnl_memory_desc_init_by_tag(desc, dimensions, sizes, type, tag);
#endif
}

void odn_desc_free(dnnl_memory_desc_t *desc) {
#if DNNL_VERSION_MAJOR >= 3
  if (*desc != NULL) dnnl_memory_desc_destroy(*desc);
  *desc = NULL;
#else
  (void)desc;
#endif
}

size_t odn_desc_bytes(odn_desc_ref desc) {
  return desc == NULL ? 0 : dnnl_memory_desc_get_size(desc);
}

odn_desc_ref odn_query(const_dnnl_primitive_desc_t descriptor, dnnl_query_t what) {
  return dnnl_primitive_desc_query_md(descriptor, what, 0);
}

dnnl_memory_t odn_memory_make(odn_desc_ref desc) {
  dnnl_memory_t memory = NULL;
  if (odn_desc_bytes(desc) == 0) return NULL;
  if (dnnl_memory_create(&memory, desc, odn_engine(), DNNL_MEMORY_NONE) != dnnl_success)
    return NULL;
  return memory;
}

void odn_use_one_thread(void) { omp_set_num_threads(1); }
void odn_use_threads(int threads) { omp_set_num_threads(threads > 1 ? threads : 1); }

void odn_version(char *text, size_t size) {
  const dnnl_version_t *version = dnnl_version();
  snprintf(text, size, "%d.%d.%d", version->major, version->minor, version->patch);
}

#if defined(__x86_64__)
// The values are those of dnnl_cpu_isa_t; each wider set contains the narrower ones' bits.
static int has(unsigned set) { return ((unsigned)dnnl_get_effective_cpu_isa() & set) == set; }

int odn_has_avx2(void) {
  return has((unsigned)dnnl_cpu_isa_avx2) && __builtin_cpu_supports("fma");
}
int odn_has_avx512(void) { return has((unsigned)dnnl_cpu_isa_avx512_core); }
int odn_has_bf16(void) { return has((unsigned)dnnl_cpu_isa_avx512_core_bf16); }

const char *odn_instruction_set(void) {
  if (odn_has_bf16()) return "AVX-512 with bf16";
  if (odn_has_avx512()) return "AVX-512";
  return has((unsigned)dnnl_cpu_isa_avx2) ? "AVX2" : "SSE4.1";
}
#else
int odn_has_avx2(void) { return 0; }
int odn_has_avx512(void) { return 0; }
int odn_has_bf16(void) { return 0; }
const char *odn_instruction_set(void) { return "AArch64"; }
#endif

typedef struct {
  void (*body)(int, void *);
  void *context;
  int parts;
} parallel_work;

static void run_parts(void *data) {
  const parallel_work *work = data;
  // OpenMP may give fewer threads than asked for.
  for (int part = omp_get_thread_num(); part < work->parts; part += omp_get_num_threads())
    work->body(part, work->context);
}

void odn_parallel(int parts, void (*body)(int, void *), void *context) {
  parallel_work work = {body, context, parts};
  GOMP_parallel(run_parts, &work, (unsigned)parts, 0);
}
