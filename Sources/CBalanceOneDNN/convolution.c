#include "internal.h"

struct odn_convolution {
  int direction, threads;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  dnnl_stream_t stream;
  // The same three roles in every direction: source side, weights, destination side.
  odn_operand source, destination;
  dnnl_memory_t weights, bias, scratch;
  // User weights [O, I/groups, KH, KW] or [G, O/G, I/G, KH, KW] and the reorders to and from them.
  dnnl_memory_t plain;
  dnnl_primitive_t pack, unpack;
  size_t weights_bytes, scratch_bytes;
};

// The descriptors of a convolution's operands: the caller's, and those that oneDNN is offered.
struct operands {
  dnnl_memory_desc_t source, plain, destination;
  dnnl_memory_desc_t offered_source, weights, bias, offered_destination;
};

static dnnl_status_t make_operands(struct operands *o, const odn_geometry *g,
                                   const odn_convolution_options *options) {
  const dnnl_dims_t source = {g->images, g->in_channels, g->in_height, g->in_width};
  const dnnl_dims_t destination = {g->images, g->out_channels, g->out_height, g->out_width};
  const dnnl_dims_t bias = {g->out_channels};
  const int grouped = g->groups > 1;
  const dnnl_dims_t dense = {g->out_channels, g->in_channels, g->kernel_height, g->kernel_width};
  const dnnl_dims_t groups = {g->groups, g->out_channels / g->groups, g->in_channels / g->groups,
                              g->kernel_height, g->kernel_width};
  const dnnl_data_type_t f32 = dnnl_f32, type = odn_data_type(options->type);
  // Gradients of weights are sums over a whole batch: they stay f32.
  const dnnl_data_type_t packed = options->direction == odn_backward_weights ? f32 : type;
  const dnnl_format_tag_t layout = options->source_layout == odn_planar ? dnnl_nchw : dnnl_nChw16c;
  // Only AVX-512 computes in blocks of 16 channels; elsewhere oneDNN chooses, and operands are
  // reordered around it. Planar pixels suit it anywhere.
  const dnnl_format_tag_t blocks = odn_has_avx512() ? dnnl_nChw16c : dnnl_format_tag_any;
  dnnl_status_t status = odn_desc_make(&o->source, 4, source, type, layout);
  if (status == dnnl_success)
    status = odn_desc_make(&o->destination, 4, destination, type, dnnl_nChw16c);
  if (status == dnnl_success)
    status = odn_desc_make(&o->offered_source, 4, source, type,
                           options->source_layout == odn_planar ? layout : blocks);
  if (status == dnnl_success)
    status = odn_desc_make(&o->offered_destination, 4, destination, type, blocks);
  if (status == dnnl_success)
    status = odn_desc_make(&o->weights, grouped ? 5 : 4, grouped ? groups : dense, packed,
                           dnnl_format_tag_any);
  if (status == dnnl_success)
    status = odn_desc_make(&o->plain, grouped ? 5 : 4, grouped ? groups : dense, f32,
                           grouped ? dnnl_goihw : dnnl_oihw);
  if (status == dnnl_success) status = odn_desc_make(&o->bias, 1, bias, f32, dnnl_x);
  return status;
}

static void free_operands(struct operands *o) {
  odn_desc_free(&o->source);
  odn_desc_free(&o->weights);
  odn_desc_free(&o->plain);
  odn_desc_free(&o->bias);
  odn_desc_free(&o->destination);
  odn_desc_free(&o->offered_source);
  odn_desc_free(&o->offered_destination);
}

// oneDNN counts dilation from 0 where the field counts from 1.
#define ODN_WINDOW(g)                                                                   \
  const dnnl_dims_t strides = {(g)->stride_height, (g)->stride_width};                  \
  const dnnl_dims_t dilates = {(g)->dilation_height - 1, (g)->dilation_width - 1};      \
  const dnnl_dims_t low = {(g)->padding_top, (g)->padding_left};                        \
  const dnnl_dims_t high = {(g)->padding_bottom, (g)->padding_right}

static dnnl_status_t make_forward(dnnl_primitive_desc_t *out, const struct operands *o,
                                  const odn_geometry *g, int algorithm, int has_bias,
                                  dnnl_prop_kind_t kind, dnnl_primitive_attr_t attributes) {
  ODN_WINDOW(g);
  const dnnl_alg_kind_t alg =
      algorithm == odn_winograd ? dnnl_convolution_winograd : dnnl_convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_convolution_forward_primitive_desc_create(
      out, odn_engine(), kind, alg, o->offered_source, o->weights, has_bias ? o->bias : NULL,
      o->offered_destination, strides, dilates, low, high, attributes);
#else
  dnnl_convolution_desc_t desc;
  dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
      &desc, kind, alg, &o->offered_source, &o->weights, has_bias ? &o->bias : NULL,
      &o->offered_destination, strides, dilates, low, high);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(out, &desc, attributes, odn_engine(), NULL);
#endif
}

static dnnl_status_t make_backward(dnnl_primitive_desc_t *out, const struct operands *o,
                                   const odn_geometry *g, int direction, int algorithm,
                                   int has_bias, dnnl_primitive_attr_t attributes,
                                   const_dnnl_primitive_desc_t hint) {
  ODN_WINDOW(g);
  const dnnl_alg_kind_t alg =
      algorithm == odn_winograd ? dnnl_convolution_winograd : dnnl_convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  if (direction == odn_backward_data)
    return dnnl_convolution_backward_data_primitive_desc_create(
        out, odn_engine(), alg, o->offered_source, o->weights, o->offered_destination, strides,
        dilates, low, high, hint, attributes);
  return dnnl_convolution_backward_weights_primitive_desc_create(
      out, odn_engine(), alg, o->offered_source, o->weights, has_bias ? o->bias : NULL,
      o->offered_destination, strides, dilates, low, high, hint, attributes);
#else
  dnnl_convolution_desc_t desc;
  dnnl_status_t status;
  if (direction == odn_backward_data)
    status = dnnl_dilated_convolution_backward_data_desc_init(&desc, alg, &o->offered_source,
                                                              &o->weights, &o->offered_destination,
                                                              strides, dilates, low, high);
  else
    status = dnnl_dilated_convolution_backward_weights_desc_init(
        &desc, alg, &o->offered_source, &o->weights, has_bias ? &o->bias : NULL,
        &o->offered_destination, strides, dilates, low, high);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(out, &desc, attributes, odn_engine(), hint);
#endif
}

// The forward descriptor that a backward one belongs to. It wants weights of the activations' type;
// where the forward pass has no Winograd, direct is as good a hint.
static dnnl_status_t make_hint(dnnl_primitive_desc_t *out, const odn_geometry *g,
                               const odn_convolution_options *options,
                               dnnl_primitive_attr_t attributes) {
  odn_convolution_options forward = *options;
  forward.direction = odn_forward;
  struct operands operands = {0};
  dnnl_status_t status = make_operands(&operands, g, &forward);
  if (status == dnnl_success)
    status = make_forward(out, &operands, g, options->algorithm, options->has_bias,
                          dnnl_forward_training, attributes);
  if (status == dnnl_unimplemented)
    status = make_forward(out, &operands, g, odn_direct, options->has_bias, dnnl_forward_training,
                          attributes);
  free_operands(&operands);
  return status;
}

static dnnl_status_t make_memories(odn_convolution *c, const struct operands *o,
                                   const odn_convolution_options *options) {
  static const dnnl_query_t names[3][3] = {
      {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md},
      {dnnl_query_diff_src_md, dnnl_query_weights_md, dnnl_query_diff_dst_md},
      {dnnl_query_src_md, dnnl_query_diff_weights_md, dnnl_query_diff_dst_md}};
  const dnnl_query_t *name = names[c->direction];
  const int writes_source = c->direction == odn_backward_data;
  const int writes_destination = c->direction == odn_forward;
  const odn_desc_ref weights = odn_query(c->descriptor, name[1]);
  const odn_desc_ref scratch = odn_query(c->descriptor, dnnl_query_scratchpad_md);
  c->weights_bytes = odn_desc_bytes(weights);
  c->scratch_bytes = odn_desc_bytes(scratch);
  c->scratch = odn_memory_make(scratch);
  if (c->scratch_bytes > 0 && c->scratch == NULL) return dnnl_out_of_memory;
  dnnl_status_t status =
      odn_operand_make(&c->source, ODN_REF(o->source), odn_query(c->descriptor, name[0]),
                       !writes_source, writes_source, &c->scratch_bytes);
  if (status == dnnl_success)
    status = odn_operand_make(&c->destination, ODN_REF(o->destination),
                              odn_query(c->descriptor, name[2]),
                              !writes_destination || options->adds, writes_destination,
                              &c->scratch_bytes);
  if (status != dnnl_success) return status;
  c->weights = odn_memory_make(weights);
  c->plain = odn_memory_make(ODN_REF(o->plain));
  if (options->has_bias) c->bias = odn_memory_make(ODN_REF(o->bias));
  if (c->weights == NULL || c->plain == NULL || (options->has_bias && c->bias == NULL))
    return dnnl_out_of_memory;
  if (c->direction == odn_backward_weights)
    return odn_reorder_make(&c->unpack, weights, ODN_REF(o->plain));
  return odn_reorder_make(&c->pack, ODN_REF(o->plain), weights);
}

static dnnl_status_t fill(odn_convolution *c, const struct operands *o, const odn_geometry *g,
                          const odn_convolution_options *options) {
  const int has_bias = options->has_bias;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = odn_attributes_make(&attributes, options);
  if (status == dnnl_success) {
    if (c->direction == odn_forward) {
      status = make_forward(&c->descriptor, o, g, options->algorithm, has_bias,
                            options->inference ? dnnl_forward_inference : dnnl_forward_training,
                            attributes);
    } else {
      status = make_hint(&hint, g, options, attributes);
      if (status == dnnl_success)
        status = make_backward(&c->descriptor, o, g, c->direction, options->algorithm, has_bias,
                               attributes, hint);
    }
  }
  if (hint != NULL) dnnl_primitive_desc_destroy(hint);
  if (attributes != NULL) dnnl_primitive_attr_destroy(attributes);
  if (status == dnnl_success) status = dnnl_primitive_create(&c->primitive, c->descriptor);
  if (status == dnnl_success)
    status = dnnl_stream_create(&c->stream, odn_engine(), dnnl_stream_default_flags);
  if (status != dnnl_success) return status;

  return make_memories(c, o, options);
}

odn_convolution *odn_convolution_create(const odn_geometry *geometry,
                                        const odn_convolution_options *options, char *error,
                                        size_t error_size) {
  // oneDNN plans a primitive for the threads it may use at creation, not at execution.
  odn_use_threads(options->threads);
  dnnl_status_t status = odn_engine() == NULL ? dnnl_runtime_error : dnnl_success;
  odn_convolution *convolution = calloc(1, sizeof(odn_convolution));
  if (convolution == NULL) status = dnnl_out_of_memory;
  if (status == dnnl_success) {
    struct operands operands = {0};
    convolution->direction = options->direction;
    convolution->threads = options->threads;
    status = make_operands(&operands, geometry, options);
    if (status == dnnl_success) status = fill(convolution, &operands, geometry, options);
    free_operands(&operands);
  }
  odn_use_one_thread();
  if (status == dnnl_success) return convolution;
  odn_explain(error, error_size, "oneDNN makes no such convolution", status);
  odn_convolution_destroy(convolution);
  return NULL;
}

void odn_convolution_destroy(odn_convolution *c) {
  if (c == NULL) return;
  dnnl_memory_t memories[] = {c->weights, c->bias, c->scratch, c->plain};
  for (size_t i = 0; i < sizeof(memories) / sizeof(memories[0]); i++)
    if (memories[i] != NULL) dnnl_memory_destroy(memories[i]);
  odn_operand_free(&c->source);
  odn_operand_free(&c->destination);
  if (c->pack != NULL) dnnl_primitive_destroy(c->pack);
  if (c->unpack != NULL) dnnl_primitive_destroy(c->unpack);
  if (c->primitive != NULL) dnnl_primitive_destroy(c->primitive);
  if (c->descriptor != NULL) dnnl_primitive_desc_destroy(c->descriptor);
  if (c->stream != NULL) dnnl_stream_destroy(c->stream);
  free(c);
}

size_t odn_convolution_weights_bytes(const odn_convolution *c) { return c->weights_bytes; }
size_t odn_convolution_scratch_bytes(const odn_convolution *c) { return c->scratch_bytes; }

static int reorder(odn_convolution *c, dnnl_primitive_t primitive, dnnl_memory_t from,
                   dnnl_memory_t to) {
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  if (c->threads > 1) odn_use_threads(c->threads);
  const dnnl_status_t status = dnnl_primitive_execute(primitive, c->stream, 2, arguments);
  if (c->threads > 1) odn_use_one_thread();
  return status == dnnl_success ? 0 : -1;
}

int odn_convolution_pack(odn_convolution *c, const float *weights, void *packed) {
  dnnl_memory_set_data_handle(c->plain, (void *)weights);
  dnnl_memory_set_data_handle(c->weights, packed);
  return reorder(c, c->pack, c->plain, c->weights);
}

int odn_convolution_unpack(odn_convolution *c, const void *packed, float *weights) {
  dnnl_memory_set_data_handle(c->plain, weights);
  dnnl_memory_set_data_handle(c->weights, (void *)packed);
  return reorder(c, c->unpack, c->weights, c->plain);
}

int odn_convolution_execute(odn_convolution *c, void *source, void *packed, void *bias,
                            void *destination, void *scratch) {
  static const int names[3][4] = {
      {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_BIAS, DNNL_ARG_DST},
      {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_BIAS, DNNL_ARG_DIFF_DST},
      {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_BIAS, DNNL_ARG_DIFF_DST}};
  const int *name = names[c->direction];
  dnnl_status_t status = dnnl_success;
  if (c->threads > 1) odn_use_threads(c->threads);
  dnnl_memory_set_data_handle(c->weights, packed);
  dnnl_exec_arg_t arguments[5] = {
      {name[0], odn_operand_enter(&c->source, c->stream, source, scratch, &status)},
      {name[1], c->weights},
      {name[3], odn_operand_enter(&c->destination, c->stream, destination, scratch, &status)}};
  int count = 3;
  if (c->bias != NULL && bias != NULL) {
    dnnl_memory_set_data_handle(c->bias, bias);
    arguments[count++] = (dnnl_exec_arg_t){name[2], c->bias};
  }
  if (c->scratch != NULL) {
    dnnl_memory_set_data_handle(c->scratch, scratch);
    arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, c->scratch};
  }
  if (status == dnnl_success)
    status = dnnl_primitive_execute(c->primitive, c->stream, count, arguments);
  if (status == dnnl_success) status = odn_operand_leave(&c->source, c->stream);
  if (status == dnnl_success) status = odn_operand_leave(&c->destination, c->stream);
  if (c->threads > 1) odn_use_one_thread();
  return status == dnnl_success ? 0 : -1;
}
