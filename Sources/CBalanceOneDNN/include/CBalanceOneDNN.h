// The part of oneDNN that the engine uses, behind one small interface for oneDNN 2.6 and 3.x.
//
// An object made here belongs to one thread at a time: it holds the memory objects that an
// execution points at its buffers. Nothing here allocates after creation. Functions return 0 or
// a negative number, and leave a sentence in the `error` buffer they are given.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Layouts of activations: planar is [N, C, H, W]; blocked is [N, ⌈C/16⌉, H, W, 16], the lanes
// past C being zero.
enum { odn_planar = 0, odn_blocked = 1 };
enum { odn_forward = 0, odn_backward_data = 1, odn_backward_weights = 2 };
enum { odn_direct = 0, odn_winograd = 1 };
enum { odn_max = 0, odn_average_including_padding = 1 };
// How activations, and the weights that meet them, are stored. Bias and gradients of weights and
// bias are f32 in either case.
enum { odn_f32 = 0, odn_bf16 = 1 };
// What a forward convolution for inference does to its result: min(max(x, 0), 6) is relu6,
// x sigmoid(x) silu, x relu6(x + 3) / 6 hard swish.
enum { odn_identity = 0, odn_relu = 1, odn_relu6 = 2, odn_silu = 3, odn_hard_swish = 4 };

typedef struct {
  int64_t images, in_channels, in_height, in_width;
  int64_t out_channels, out_height, out_width;
  int64_t kernel_height, kernel_width, stride_height, stride_width;
  int64_t padding_top, padding_left, padding_bottom, padding_right;
  int64_t dilation_height, dilation_width, groups;
} odn_geometry;

typedef struct {
  int direction, algorithm, source_layout, type, has_bias;
  // Threads that the primitive runs on, the caller's included; it is planned for so many.
  int threads;
  // Forward only: not to be followed by a backward pass; then destination =
  // activation(convolution + destination), the second term if adds.
  int inference, adds, activation;
} odn_convolution_options;

// A convolution in one direction. Weights pass through a packed layout that the primitive chose.
typedef struct odn_convolution odn_convolution;

odn_convolution *odn_convolution_create(const odn_geometry *geometry,
                                        const odn_convolution_options *options, char *error,
                                        size_t error_size);
void odn_convolution_destroy(odn_convolution *);
size_t odn_convolution_weights_bytes(const odn_convolution *);
size_t odn_convolution_scratch_bytes(const odn_convolution *);
// [O, I/groups, KH, KW] f32 to the packed layout, and back.
int odn_convolution_pack(odn_convolution *, const float *weights, void *packed);
int odn_convolution_unpack(odn_convolution *, const void *packed, float *weights);
// forward: reads source, packed, bias (may be null), writes destination (and reads it if adds).
// backward_data: reads destination (the gradient), packed; writes source (the gradient).
// backward_weights: reads source, destination (the gradient); writes packed, bias (gradients).
int odn_convolution_execute(odn_convolution *, void *source, void *packed, void *bias,
                            void *destination, void *scratch);

// Pooling in blocked layout, in one direction; max pooling remembers the winners in a workspace.
typedef struct odn_pooling odn_pooling;

odn_pooling *odn_pooling_create(const odn_geometry *geometry, int direction, int kind,
                                int type, int threads, char *error, size_t error_size);
void odn_pooling_destroy(odn_pooling *);
size_t odn_pooling_workspace_bytes(const odn_pooling *);
int odn_pooling_execute(odn_pooling *, void *source, void *destination, void *workspace);

// Makes oneDNN (and libgomp below it) use one thread when called from this thread.
void odn_use_one_thread(void);
// The same for so many threads.
void odn_use_threads(int threads);
// Runs body(part, context) for each part in 0..<parts, on the threads that oneDNN also uses, and
// returns when all are done.
void odn_parallel(int parts, void (*body)(int part, void *context), void *context);
// "2.6.3"
void odn_version(char *text, size_t size);
// The widest instruction set that oneDNN will use here ("AVX-512 with bf16").
const char *odn_instruction_set(void);
// Whether that set has AVX2 (and FMA), AVX-512 (F, BW, DQ, VL), and its bf16 dot products.
int odn_has_avx2(void);
int odn_has_avx512(void);
int odn_has_bf16(void);

#ifdef __cplusplus
}
#endif
