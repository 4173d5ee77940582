#include "internal.h"

struct odn_pooling {
  int direction, threads;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  dnnl_stream_t stream;
  odn_operand source, destination;
  dnnl_memory_t workspace;
  size_t workspace_bytes;
  // Where operands are reordered; null where they need not be.
  void *scratch;
};

static dnnl_alg_kind_t algorithm(int kind) {
  return kind == odn_max ? dnnl_pooling_max : dnnl_pooling_avg_include_padding;
}

static dnnl_status_t make_forward(dnnl_primitive_desc_t *out, const odn_geometry *g, int kind,
                                  const dnnl_memory_desc_t *source,
                                  const dnnl_memory_desc_t *destination) {
  const dnnl_dims_t strides = {g->stride_height, g->stride_width};
  const dnnl_dims_t kernel = {g->kernel_height, g->kernel_width};
  const dnnl_dims_t low = {g->padding_top, g->padding_left};
  const dnnl_dims_t high = {g->padding_bottom, g->padding_right};
#if DNNL_VERSION_MAJOR >= 3
  const dnnl_dims_t dilation = {0, 0};
  return dnnl_pooling_forward_primitive_desc_create(out, odn_engine(), dnnl_forward_training,
                                                    algorithm(kind), *source, *destination,
                                                    strides, kernel, dilation, low, high, NULL);
#else
  dnnl_pooling_desc_t desc;
  dnnl_status_t status = dnnl_pooling_forward_desc_init(&desc, dnnl_forward_training,
                                                        algorithm(kind), source, destination,
                                                        strides, kernel, low, high);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(out, &desc, NULL, odn_engine(), NULL);
#endif
}

static dnnl_status_t make_backward(dnnl_primitive_desc_t *out, const odn_geometry *g, int kind,
                                   const dnnl_memory_desc_t *source,
                                   const dnnl_memory_desc_t *destination,
                                   const_dnnl_primitive_desc_t hint) {
  const dnnl_dims_t strides = {g->stride_height, g->stride_width};
  const dnnl_dims_t kernel = {g->kernel_height, g->kernel_width};
  const dnnl_dims_t low = {g->padding_top, g->padding_left};
  const dnnl_dims_t high = {g->padding_bottom, g->padding_right};
#if DNNL_VERSION_MAJOR >= 3
  const dnnl_dims_t dilation = {0, 0};
  return dnnl_pooling_backward_primitive_desc_create(out, odn_engine(), algorithm(kind), *source,
                                                     *destination, strides, kernel, dilation, low,
                                                     high, hint, NULL);
#else
  dnnl_pooling_desc_t desc;
  dnnl_status_t status = dnnl_pooling_backward_desc_init(&desc, algorithm(kind), source,
                                                         destination, strides, kernel, low, high);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(out, &desc, NULL, odn_engine(), hint);
#endif
}

static dnnl_status_t make_memories(odn_pooling *p, const dnnl_memory_desc_t outside[2],
                                   const dnnl_memory_desc_t inside[2]) {
  const int forward = p->direction == odn_forward;
  const odn_desc_ref workspace = odn_query(p->descriptor, dnnl_query_workspace_md);
  size_t scratch_bytes = 0;
  dnnl_status_t status = odn_operand_make(&p->source, ODN_REF(outside[0]), ODN_REF(inside[0]),
                                          forward, !forward, &scratch_bytes);
  if (status == dnnl_success)
    status = odn_operand_make(&p->destination, ODN_REF(outside[1]), ODN_REF(inside[1]), !forward,
                              forward, &scratch_bytes);
  if (status != dnnl_success) return status;
  if (scratch_bytes > 0) p->scratch = aligned_alloc(64, (scratch_bytes + 63) / 64 * 64);
  p->workspace_bytes = odn_desc_bytes(workspace);
  p->workspace = odn_memory_make(workspace);
  const int lacks = (scratch_bytes > 0 && p->scratch == NULL) ||
                    (p->workspace_bytes > 0 && p->workspace == NULL);
  return lacks ? dnnl_out_of_memory : dnnl_success;
}

static dnnl_status_t fill(odn_pooling *p, const odn_geometry *g, int kind,
                          dnnl_data_type_t type) {
  const dnnl_dims_t in = {g->images, g->in_channels, g->in_height, g->in_width};
  const dnnl_dims_t out = {g->images, g->in_channels, g->out_height, g->out_width};
  // As for convolutions: blocks of 16 channels are only AVX-512's.
  const dnnl_format_tag_t blocks = odn_has_avx512() ? dnnl_nChw16c : dnnl_nChw8c;
  dnnl_memory_desc_t outside[2] = {0}, inside[2] = {0};
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = odn_desc_make(&outside[0], 4, in, type, dnnl_nChw16c);
  if (status == dnnl_success) status = odn_desc_make(&outside[1], 4, out, type, dnnl_nChw16c);
  if (status == dnnl_success) status = odn_desc_make(&inside[0], 4, in, type, blocks);
  if (status == dnnl_success) status = odn_desc_make(&inside[1], 4, out, type, blocks);
  if (status == dnnl_success) {
    if (p->direction == odn_forward) {
      status = make_forward(&p->descriptor, g, kind, &inside[0], &inside[1]);
    } else {
      status = make_forward(&hint, g, kind, &inside[0], &inside[1]);
      if (status == dnnl_success)
        status = make_backward(&p->descriptor, g, kind, &inside[0], &inside[1], hint);
    }
  }
  if (hint != NULL) dnnl_primitive_desc_destroy(hint);
  if (status == dnnl_success) status = dnnl_primitive_create(&p->primitive, p->descriptor);
  if (status == dnnl_success)
    status = dnnl_stream_create(&p->stream, odn_engine(), dnnl_stream_default_flags);
  if (status == dnnl_success) status = make_memories(p, outside, inside);
  for (int i = 0; i < 2; i++) {
    odn_desc_free(&outside[i]);
    odn_desc_free(&inside[i]);
  }
  return status;
}

odn_pooling *odn_pooling_create(const odn_geometry *geometry, int direction, int kind,
                                int type, int threads, char *error, size_t error_size) {
  // oneDNN plans a primitive for the threads it may use at creation, not at execution.
  odn_use_threads(threads);
  dnnl_status_t status = odn_engine() == NULL ? dnnl_runtime_error : dnnl_success;
  odn_pooling *pooling = calloc(1, sizeof(odn_pooling));
  if (pooling == NULL) status = dnnl_out_of_memory;
  if (status == dnnl_success) {
    pooling->direction = direction;
    pooling->threads = threads;
    status = fill(pooling, geometry, kind, odn_data_type(type));
  }
  odn_use_one_thread();
  if (status == dnnl_success) return pooling;
  odn_explain(error, error_size, "oneDNN makes no such pooling", status);
  odn_pooling_destroy(pooling);
  return NULL;
}

void odn_pooling_destroy(odn_pooling *p) {
  if (p == NULL) return;
  odn_operand_free(&p->source);
  odn_operand_free(&p->destination);
  free(p->scratch);
  if (p->workspace != NULL) dnnl_memory_destroy(p->workspace);
  if (p->primitive != NULL) dnnl_primitive_destroy(p->primitive);
  if (p->descriptor != NULL) dnnl_primitive_desc_destroy(p->descriptor);
  if (p->stream != NULL) dnnl_stream_destroy(p->stream);
  free(p);
}

size_t odn_pooling_workspace_bytes(const odn_pooling *p) { return p->workspace_bytes; }

int odn_pooling_execute(odn_pooling *p, void *source, void *destination, void *workspace) {
  const int backward = p->direction != odn_forward;
  dnnl_status_t status = dnnl_success;
  if (p->threads > 1) odn_use_threads(p->threads);
  dnnl_exec_arg_t arguments[3] = {
      {backward ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC,
       odn_operand_enter(&p->source, p->stream, source, p->scratch, &status)},
      {backward ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST,
       odn_operand_enter(&p->destination, p->stream, destination, p->scratch, &status)}};
  int count = 2;
  if (p->workspace != NULL) {
    dnnl_memory_set_data_handle(p->workspace, workspace);
    arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_WORKSPACE, p->workspace};
  }
  if (status == dnnl_success)
    status = dnnl_primitive_execute(p->primitive, p->stream, count, arguments);
  if (status == dnnl_success) status = odn_operand_leave(&p->source, p->stream);
  if (status == dnnl_success) status = odn_operand_leave(&p->destination, p->stream);
  if (p->threads > 1) odn_use_one_thread();
  return status == dnnl_success ? 0 : -1;
}
