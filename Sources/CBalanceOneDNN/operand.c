#include "internal.h"

dnnl_status_t odn_reorder_make(dnnl_primitive_t *out, odn_desc_ref from, odn_desc_ref to) {
  dnnl_primitive_desc_t descriptor = NULL;
  dnnl_status_t status =
      dnnl_reorder_primitive_desc_create(&descriptor, from, odn_engine(), to, odn_engine(), NULL);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_create(out, descriptor);
  dnnl_primitive_desc_destroy(descriptor);
  return status;
}

dnnl_status_t odn_operand_make(odn_operand *operand, odn_desc_ref outside, odn_desc_ref inside,
                               int reads, int writes, size_t *scratch_bytes) {
  operand->outside = odn_memory_make(outside);
  if (operand->outside == NULL) return dnnl_out_of_memory;
  if (dnnl_memory_desc_equal(outside, inside)) return dnnl_success;
  operand->inside = odn_memory_make(inside);
  if (operand->inside == NULL) return dnnl_out_of_memory;
  operand->offset = (*scratch_bytes + 63) / 64 * 64;
  *scratch_bytes = operand->offset + odn_desc_bytes(inside);
  dnnl_status_t status = dnnl_success;
  if (reads) status = odn_reorder_make(&operand->enter, outside, inside);
  if (status == dnnl_success && writes) status = odn_reorder_make(&operand->leave, inside, outside);
  return status;
}

void odn_operand_free(odn_operand *operand) {
  if (operand->outside != NULL) dnnl_memory_destroy(operand->outside);
  if (operand->inside != NULL) dnnl_memory_destroy(operand->inside);
  if (operand->enter != NULL) dnnl_primitive_destroy(operand->enter);
  if (operand->leave != NULL) dnnl_primitive_destroy(operand->leave);
}

static dnnl_status_t reorder(dnnl_primitive_t primitive, dnnl_stream_t stream, dnnl_memory_t from,
                             dnnl_memory_t to) {
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  return dnnl_primitive_execute(primitive, stream, 2, arguments);
}

dnnl_memory_t odn_operand_enter(odn_operand *operand, dnnl_stream_t stream, void *data,
                                void *scratch, dnnl_status_t *status) {
  dnnl_memory_set_data_handle(operand->outside, data);
  if (operand->inside == NULL) return operand->outside;
  dnnl_memory_set_data_handle(operand->inside, (char *)scratch + operand->offset);
  if (operand->enter != NULL && *status == dnnl_success)
    *status = reorder(operand->enter, stream, operand->outside, operand->inside);
  return operand->inside;
}

dnnl_status_t odn_operand_leave(odn_operand *operand, dnnl_stream_t stream) {
  if (operand->leave == NULL) return dnnl_success;
  return reorder(operand->leave, stream, operand->inside, operand->outside);
}
