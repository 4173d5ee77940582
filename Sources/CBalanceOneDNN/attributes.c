#include "internal.h"

dnnl_data_type_t odn_data_type(int type) { return type == odn_bf16 ? dnnl_bf16 : dnnl_f32; }

static dnnl_status_t append_sum(dnnl_post_ops_t operations) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
#else
  return dnnl_post_ops_append_sum(operations, 1);
#endif
}

static dnnl_status_t append_eltwise(dnnl_post_ops_t operations, dnnl_alg_kind_t kind, float alpha,
                                    float beta) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_post_ops_append_eltwise(operations, kind, alpha, beta);
#else
  return dnnl_post_ops_append_eltwise(operations, 1, kind, alpha, beta);
#endif
}

static dnnl_status_t append_activation(dnnl_post_ops_t operations, int activation) {
  switch (activation) {
    case odn_identity: return dnnl_success;
    case odn_relu: return append_eltwise(operations, dnnl_eltwise_relu, 0, 0);
    case odn_relu6: return append_eltwise(operations, dnnl_eltwise_clip, 0, 6);
    case odn_silu: return append_eltwise(operations, dnnl_eltwise_swish, 1, 0);
    // oneDNN 2 has x relu6(x + 3) / 6 built in and ignores the numbers; 3 is x clip(x / 6 + 1/2).
    case odn_hard_swish:
      return append_eltwise(operations, dnnl_eltwise_hardswish, 1.0f / 6, 0.5f);
    default: return dnnl_invalid_arguments;
  }
}

dnnl_status_t odn_attributes_make(dnnl_primitive_attr_t *attributes,
                                  const odn_convolution_options *options) {
  dnnl_post_ops_t operations = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status == dnnl_success)
    status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (status != dnnl_success || !(options->adds || options->activation != odn_identity))
    return status;
  status = dnnl_post_ops_create(&operations);
  if (status == dnnl_success && options->adds) status = append_sum(operations);
  if (status == dnnl_success) status = append_activation(operations, options->activation);
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
  if (operations != NULL) dnnl_post_ops_destroy(operations);
  return status;
}
