// What differs between oneDNN 2.6 and 3.x, and the shared engine.
#pragma once

#include <stdlib.h>
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_version.h>

#include "include/CBalanceOneDNN.h"

#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t odn_desc_ref;
#define ODN_REF(desc) (desc)
#else
typedef const dnnl_memory_desc_t *odn_desc_ref;
#define ODN_REF(desc) (&(desc))
#endif

// The process's CPU engine, made once; null when oneDNN cannot make one.
dnnl_engine_t odn_engine(void);
// The name of a status ("unimplemented").
const char *odn_status_name(dnnl_status_t status);
// Writes "WHAT: STATUS" to the error buffer.
void odn_explain(char *error, size_t size, const char *what, dnnl_status_t status);

dnnl_status_t odn_desc_make(dnnl_memory_desc_t *desc, int dimensions, const dnnl_dims_t sizes,
                            dnnl_data_type_t type, dnnl_format_tag_t tag);
void odn_desc_free(dnnl_memory_desc_t *desc);
size_t odn_desc_bytes(odn_desc_ref desc);
odn_desc_ref odn_query(const_dnnl_primitive_desc_t descriptor, dnnl_query_t what);
// A memory object that points nowhere yet; null on failure or when the descriptor is empty.
dnnl_memory_t odn_memory_make(odn_desc_ref desc);

dnnl_data_type_t odn_data_type(int type);
// Attributes with a scratchpad of the caller's and, for inference, the operations that follow.
dnnl_status_t odn_attributes_make(dnnl_primitive_attr_t *attributes,
                                  const odn_convolution_options *options);

dnnl_status_t odn_reorder_make(dnnl_primitive_t *out, odn_desc_ref from, odn_desc_ref to);

// Activations that a primitive may want in another layout than the caller's, such as blocks of 8
// channels on AVX2: then they are brought over through scratch memory at `offset`.
typedef struct {
  dnnl_memory_t outside, inside;
  dnnl_primitive_t enter, leave;
  size_t offset;
} odn_operand;

// Reserves what it needs behind the scratch_bytes that are in use.
dnnl_status_t odn_operand_make(odn_operand *operand, odn_desc_ref outside, odn_desc_ref inside,
                               int reads, int writes, size_t *scratch_bytes);
void odn_operand_free(odn_operand *operand);
// The memory that the primitive is given, with the data where it reads them.
dnnl_memory_t odn_operand_enter(odn_operand *operand, dnnl_stream_t stream, void *data,
                                void *scratch, dnnl_status_t *status);
// Brings what the primitive wrote back to the caller.
dnnl_status_t odn_operand_leave(odn_operand *operand, dnnl_stream_t stream);
