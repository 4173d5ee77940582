// What differs between oneDNN 2.6 and 3.x, and the shared engine.
#pragma once

#include <stdlib.h>
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_version.h>

#include "include/COneDNN.h"

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
