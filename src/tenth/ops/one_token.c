/* One token through a matrix, through attention and through a SwiGLU or the experts it chose.

The plain reference of each is the module of the same name in tenth/model; tests/model/test_native.py
holds them equal. All is computed in fp32; weights, the cache and the token itself are fp32 or bf16,
matrices int8 or int4 as well. The structs are those of ops/native.py, field by field. */

#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif

enum { FP32, BF16, INT8, INT4 };
enum { SIGMOID, SOFTMAX, TOPK_SOFTMAX };

typedef struct { /* outputs x inputs, row by row; int4 as PyTorch packs it */
    const void *weight, *scales, *bias; /* without a weight there is no matrix */
    int64_t outputs, inputs, stride;    /* from row to row; int4: padded outputs */
    int64_t kind, small;                /* of the weight; of scales and bias */
    int64_t group, block;               /* int4: inputs of one scale; outputs packed together */
} Matrix;

typedef struct {
    Matrix q, k, v, o;
    const void *norm, *post_norm, *q_norm, *k_norm, *sinks; /* or none */
    int64_t kind, width, heads, kv_heads, d_head, rotary, window, pairs, full_norm;
    float eps, scale, clip;
} Attention;

typedef struct {
    Matrix gate, up, down;  /* dense or shared; without `up`, `gate` holds both */
    Matrix shared_gate, router;
    const Matrix *expert_gate, *expert_up, *expert_down;
    const float *choice_bias;
    const void *norm, *post_norm;
    int64_t kind, width, d_ff, experts, top_k, d_expert, score, renorm, groups, top_groups, best;
    float eps, scale, limit, alpha;
} SwiGLU;

typedef struct { const Matrix *m; const float *x; float *y; } Job;

static inline float bits(uint32_t u) {
    union { uint32_t u; float f; } v = {u};
    return v.f;
}

static inline float of_bf16(uint16_t b) { return bits((uint32_t)b << 16); }

static inline uint16_t to_bf16(float f) { /* to the nearest, ties to even */
    union { float f; uint32_t u; } v = {f};
    if (f != f) return 0x7fc0;
    return (v.u + 0x7fff + ((v.u >> 16) & 1)) >> 16;
}

static inline float at(const void *p, int64_t kind, int64_t i) {
    return kind == BF16 ? of_bf16(((const uint16_t *)p)[i]) : ((const float *)p)[i];
}

static void widen(const void *p, int64_t kind, int64_t from, int64_t n, float *x) {
    if (kind == FP32) memcpy(x, (const float *)p + from, n * sizeof *x);
    else for (int64_t i = 0; i < n; i++) x[i] = of_bf16(((const uint16_t *)p)[from + i]);
}

static void narrow(const float *x, void *to, int64_t kind, int64_t n) {
    if (kind == FP32) memcpy(to, x, n * sizeof *x);
    else for (int64_t i = 0; i < n; i++) ((uint16_t *)to)[i] = to_bf16(x[i]);
}

/* y[r] = x . w[r], row by row in one stream, the next bytes under way from memory meanwhile. Words of
   32 bits are read, and the numbers in each widened where they lie, which needs no shuffles; x is
   sorted to match: x0 holds what meets the first number of each word. */
typedef uint32_t Word __attribute__((aligned(1), may_alias));
enum { AHEAD = 4096, PIECE = 1024 /* words */ };

static inline float byte(uint32_t word, int place) { return (int32_t)(word << (24 - 8 * place)) >> 24; }

#define ROWS(NAME, T, PER, WIDE, STEP)                                                             \
    static void NAME(const T *w, int64_t stride, int64_t rows, int64_t n, const float *x, float *y) { \
        int64_t words = n / PER;                                                                   \
        float sorted[n + 1], *x0 = sorted, *x1 = x0 + words, *x2 = x1 + words, *x3 = x2 + words;   \
        for (int64_t j = 0; j < PER; j++)                                                          \
            for (int64_t i = 0; i < words; i++) sorted[j * words + i] = x[i * PER + j];            \
        (void)x1, (void)x2, (void)x3;                                                              \
        for (int64_t r = 0; r < rows; r++) {                                                       \
            const T *row = w + r * stride;                                                         \
            float total = 0;                                                                       \
            for (int64_t i = words * PER; i < n; i++) total += x[i] * WIDE(row[i]);                \
            for (int64_t from = 0; from < words; from += PIECE) {                                  \
                int64_t to = from + PIECE < words ? from + PIECE : words;                          \
                const Word *p = (const Word *)row;                                                 \
                float s = 0, t = 0;                                                                \
                for (int64_t i = from; i < to; i += 16) __builtin_prefetch(p + i + AHEAD / 4);     \
                _Pragma("omp simd reduction(+ : s, t)")                                            \
                for (int64_t i = from; i < to; i++) { STEP }                                       \
                total += s + t;                                                                    \
            }                                                                                      \
            y[r] = total;                                                                          \
        }                                                                                          \
    }
ROWS(rows_fp32, float, 1, , s += x0[i] * bits(p[i]);)
ROWS(rows_bf16, uint16_t, 2, of_bf16, s += x0[i] * bits(p[i] << 16);
     t += x1[i] * bits(p[i] & 0xffff0000u);)
ROWS(rows_int8, int8_t, 4, , s += x0[i] * byte(p[i], 0); t += x1[i] * byte(p[i], 1);
     s += x2[i] * byte(p[i], 2); t += x3[i] * byte(p[i], 3);)

static void rows_of(const void *w, int64_t kind, int64_t stride, int64_t rows, int64_t n,
                    const float *x, float *y) {
    if (kind == FP32) rows_fp32(w, stride, rows, n, x, y);
    else if (kind == BF16) rows_bf16(w, stride, rows, n, x, y);
    else rows_int8(w, stride, rows, n, x, y);
}

static float sum(const float *x, int64_t n) {
    float s = 0;
#pragma omp simd reduction(+ : s)
    for (int64_t i = 0; i < n; i++) s += x[i];
    return s;
}

typedef float Eight __attribute__((vector_size(32)));
typedef int32_t Words __attribute__((vector_size(32)));

static inline Words words_of(const uint8_t *p) {
#ifdef __AVX2__ /* where alone int4 is packed so; written out, since compilers find it too rarely */
    return (Words)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p));
#else
    return (Words){p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]};
#endif
}

static inline Eight widened(Words w) { return __builtin_convertvector(w, Eight); }

/* Of 16 bytes of each input i..end: the sums of x times the low and the high half. */
static void halves(const uint8_t *p, int64_t apart, const float *x, int64_t i, int64_t end, float *low,
                   float *high) {
    Eight s = {0}, t = {0}, u = {0}, v = {0};
    for (; i < end; i++) {
        Words a = words_of(p + i * apart), b = words_of(p + i * apart + 8);
        s += x[i] * widened(a & 15), t += x[i] * widened(b & 15);
        u += x[i] * widened(a >> 4), v += x[i] * widened(b >> 4);
    }
    memcpy(low, &s, 32), memcpy(low + 8, &t, 32), memcpy(high, &u, 32), memcpy(high + 8, &v, 32);
}

/* As PyTorch packs for AVX2 and AVX-512: `block` outputs lie together, input by input, output o beside
   output o + block/2; in a last, shorter block beside its neighbour. */
static void rows_int4(const Matrix *m, const float *x, float *y, int64_t from, int64_t to) {
    int64_t padded = (m->inputs + m->group - 1) / m->group * m->group;
    for (int64_t first = from; first < to; first += m->block) {
        int64_t size = m->stride - first < m->block ? m->stride - first : m->block, half = size / 2;
        const uint8_t *p = (const uint8_t *)m->weight + first * padded / 2;
        float out[64] = {0}, part[64];
        for (int64_t i = 0; i < m->inputs; i += m->group) {
            int64_t end = i + m->group < m->inputs ? i + m->group : m->inputs;
            for (int64_t b = i * half; b < end * half; b += 64) __builtin_prefetch(p + b + AHEAD);
            if (size == m->block)
                for (int64_t c = 0; c < half; c += 16)
                    halves(p + c, half, x, i, end, part + c, part + half + c);
            else {
                memset(part, 0, sizeof part);
                for (int64_t k = i; k < end; k++)
                    for (int64_t o = 0; o < size; o++)
                        part[o] += x[k] * (p[k * half + o / 2] >> (o % 2 * 4) & 15);
            }
            float total = sum(x + i, end - i), scale[128]; /* and zero, by turns */
            widen(m->scales, m->small, (i / m->group * m->stride + first) * 2, 2 * size, scale);
            for (int64_t o = 0; o < size; o++)
                out[o] += scale[2 * o] * (part[o] - 8 * total) + scale[2 * o + 1] * total;
        }
        int64_t wanted = to - first < size ? to - first : size;
        memcpy(y + first, out, wanted * sizeof *y);
    }
}

/* Outputs from..to of m x. */
static void product_of(const Matrix *m, const float *x, float *y, int64_t from, int64_t to) {
    int64_t size = m->kind == FP32 ? 4 : m->kind == BF16 ? 2 : 1;
    const char *w = (const char *)m->weight + from * m->stride * size;
    if (m->kind == INT4) rows_int4(m, x, y, from, to);
    else rows_of(w, m->kind, m->stride, to - from, m->inputs, x, y + from);
    if (m->kind == INT8)
        for (int64_t r = from; r < to; r++) y[r] *= at(m->scales, m->small, r);
    if (m->bias)
        for (int64_t r = from; r < to; r++) y[r] += at(m->bias, m->small, r);
}

/* All jobs at once, their outputs shared out among the threads; of little work none is, since threads
   wait for each other the longer the busier the machine is. */
enum { WORTH_SHARING = 1 << 16 };

static int64_t steps_of(const Matrix *m) {
    int64_t step = m->kind == INT4 ? m->block : 16;
    return (m->outputs + step - 1) / step;
}

static void run(const Job *jobs, int64_t n) {
    int64_t steps = 0, weights = 0;
    for (int64_t j = 0; j < n; j++) {
        steps += steps_of(jobs[j].m);
        weights += jobs[j].m->outputs * jobs[j].m->inputs;
    }
#pragma omp parallel if (weights > WORTH_SHARING)
    {
        int64_t threads = omp_get_num_threads(), me = omp_get_thread_num();
        int64_t from = steps * me / threads, to = steps * (me + 1) / threads;
        for (int64_t j = 0; j < n && to > 0; j++) {
            const Matrix *m = jobs[j].m;
            int64_t mine = steps_of(m), step = m->kind == INT4 ? m->block : 16;
            int64_t start = (from < 0 ? 0 : from) * step, end = to < mine ? to * step : m->outputs;
            if (start < end) product_of(m, jobs[j].x, jobs[j].y, start, end);
            from -= mine, to -= mine;
        }
    }
}

static void normed(const float *x, const void *weight, int64_t kind, int64_t n, float eps, float *y) {
    float squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t i = 0; i < n; i++) squares += x[i] * x[i];
    float by = 1 / sqrtf(squares / n + eps);
    for (int64_t i = 0; i < n; i++) y[i] = x[i] * by * at(weight, kind, i);
}

/* The token, widened, and what a half of a block reads of it. */
static void entered(const void *token, const void *norm, int64_t kind, int64_t n, float eps, float *x,
                    float *h) {
    widen(token, kind, 0, n, x);
    if (norm) normed(x, norm, kind, n, eps, h);
    else memcpy(h, x, n * sizeof *x);
}

static void left(float *x, float *y, const void *norm, int64_t kind, int64_t n, float eps, void *out) {
    if (norm) normed(y, norm, kind, n, eps, y);
    for (int64_t i = 0; i < n; i++) x[i] += y[i];
    narrow(x, out, kind, n);
}

static inline float exponential(float x) { /* expf to an ulp or two, which loops over it can use */
    x = x < -87 ? -87 : x > 88 ? 88 : x;
    float n = rintf(x * 1.44269504f), r = x - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.9875691e-4f;
    p = p * r + 1.3981999e-3f;
    p = p * r + 8.3334519e-3f;
    p = p * r + 4.1665796e-2f;
    p = p * r + 1.6666665e-1f;
    p = p * r + 5.0000001e-1f;
    return (p * r * r + r + 1) * bits((uint32_t)((int32_t)n + 127) << 23);
}

static void exponentials(float *x, int64_t n, float top) {
#pragma omp simd
    for (int64_t i = 0; i < n; i++) x[i] = exponential(x[i] - top);
}

static float most(const float *x, int64_t n) {
    float top = x[0];
#pragma omp simd reduction(max : top)
    for (int64_t i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
    return top;
}

int64_t threads(void) { return omp_get_max_threads(); }

int64_t sizes(int64_t which) {
    return which == 0 ? sizeof(Matrix) : which == 1 ? sizeof(Attention) : sizeof(SwiGLU);
}

int product(const Matrix *m, const void *token, void *out, int64_t kind) {
    float *x = malloc((m->inputs + m->outputs) * sizeof *x), *y = x + m->inputs;
    if (!x) return 1;
    widen(token, kind, 0, m->inputs, x);
    run(&(Job){m, x, y}, 1);
    narrow(y, out, kind, m->outputs);
    free(x);
    return 0;
}

static void turn(float *x, const float *cos, const float *sin, int64_t rotary, int64_t pairs) {
    int64_t half = rotary / 2, step = pairs ? 2 : 1, other = pairs ? 1 : half;
    for (int64_t i = 0; i < half; i++) {
        float a = x[i * step], b = x[i * step + other];
        x[i * step] = a * cos[i] - b * sin[i];
        x[i * step + other] = b * cos[i] + a * sin[i];
    }
}

/* One query head over `seen` positions of its keys and values; scores: as many numbers. */
static void attend(const Attention *a, int64_t head, const float *q, const void *k, const void *v,
                   int64_t seen, float *scores, float *y) {
    int64_t H = a->d_head, s = 0;
    rows_of(k, a->kind, H, seen, H, q, scores);
    for (int64_t i = 0; i < seen; i++) scores[i] *= a->scale;
    float top = most(scores, seen), total = 0;
    if (a->sinks) {
        float sink = at(a->sinks, a->kind, head);
        top = sink > top ? sink : top;
        total = exponential(sink - top);
    }
    exponentials(scores, seen, top);
    total += sum(scores, seen);
    memset(y, 0, H * sizeof *y);
    for (; s < seen; s++) {
        float p = scores[s] / total;
        if (a->kind == FP32) {
            const float *row = (const float *)v + s * H;
#pragma omp simd
            for (int64_t i = 0; i < H; i++) y[i] += p * row[i];
        } else {
            const uint16_t *row = (const uint16_t *)v + s * H;
#pragma omp simd
            for (int64_t i = 0; i < H; i++) y[i] += p * of_bf16(row[i]);
        }
    }
}

/* x + attention(norm(x)), at position `length`; its key and value go into the cache (heads, capacity,
   d_head), which has room for them. */
int attention(const Attention *a, const void *token, const float *cos, const float *sin, void *keys,
              void *values, int64_t capacity, int64_t length, void *out) {
    int64_t N = a->heads, G = a->kv_heads, H = a->d_head, D = a->width, all = (N + 2 * G) * H;
    int64_t seen = length + 1, size = a->kind == BF16 ? 2 : 4;
    if (a->window && seen > a->window) seen = a->window;
    float *x = malloc((3 * D + all + N * H + N * seen) * sizeof *x);
    if (!x) return 1;
    float *h = x + D, *y = h + D, *heads = y + D, *answers = heads + all, *scores = answers + N * H;
    float *k = heads + N * H, *v = k + G * H;
    entered(token, a->norm, a->kind, D, a->eps, x, h);
    run((Job[]){{&a->q, h, heads}, {&a->k, h, k}, {&a->v, h, v}}, 3);
    if (a->full_norm && a->q_norm) {
        normed(heads, a->q_norm, a->kind, N * H, a->eps, heads);
        normed(k, a->k_norm, a->kind, G * H, a->eps, k);
    }
    if (a->clip > 0)
        for (int64_t i = 0; i < all; i++) heads[i] = fminf(fmaxf(heads[i], -a->clip), a->clip);
    for (int64_t n = 0; n < N + G; n++) {
        const void *weight = n < N ? a->q_norm : a->k_norm;
        if (weight && !a->full_norm) normed(heads + n * H, weight, a->kind, H, a->eps, heads + n * H);
        turn(heads + n * H, cos, sin, a->rotary, a->pairs);
    }
    for (int64_t g = 0; g < G; g++) {
        int64_t place = (g * capacity + length) * H * size;
        narrow(k + g * H, (char *)keys + place, a->kind, H);
        narrow(v + g * H, (char *)values + place, a->kind, H);
    }
#pragma omp parallel for if (N * seen * H > WORTH_SHARING)
    for (int64_t n = 0; n < N; n++) {
        int64_t first = ((n / (N / G)) * capacity + length + 1 - seen) * H * size;
        attend(a, n, heads + n * H, (char *)keys + first, (char *)values + first, seen,
               scores + n * seen, answers + n * H);
    }
    run(&(Job){&a->o, answers, y}, 1);
    left(x, y, a->post_norm, a->kind, D, a->eps, out);
    free(x);
    return 0;
}

/* The n largest of `from`, largest first, among those not `taken`; they are marked there. */
static void largest(const float *from, char *taken, int64_t count, int64_t n, int64_t *which) {
    for (int64_t k = 0; k < n; k++) {
        int64_t best = -1;
        for (int64_t e = 0; e < count; e++)
            if (!taken[e] && (best < 0 || from[e] > from[best])) best = e;
        taken[which[k] = best] = 1;
    }
}

/* Leaves open to the token only the experts of its best groups. */
static void best_groups(const SwiGLU *m, const float *choice, char *taken) {
    int64_t size = m->experts / m->groups, which[2], chosen[m->top_groups];
    float score[m->groups];
    char closed[m->groups];
    for (int64_t g = 0; g < m->groups; g++) {
        const float *of = choice + g * size;
        largest(of, taken + g * size, size, m->best, which);
        score[g] = 0;
        for (int64_t i = 0; i < m->best; i++) score[g] += of[which[i]];
    }
    memset(closed, 0, sizeof closed);
    largest(score, closed, m->groups, m->top_groups, chosen);
    for (int64_t e = 0; e < m->experts; e++) taken[e] = !closed[e / size];
}

/* Logits in; which experts and with what weight. */
static void route(const SwiGLU *m, const float *logits, float *score, float *choice, char *taken,
                  int64_t *which, float *weight) {
    int64_t E = m->experts, K = m->top_k;
    if (m->score == SOFTMAX) {
        memcpy(score, logits, E * sizeof *score);
        exponentials(score, E, most(logits, E));
        float total = sum(score, E);
        for (int64_t e = 0; e < E; e++) score[e] /= total;
    } else
        for (int64_t e = 0; e < E; e++)
            score[e] = m->score == SIGMOID ? 1 / (1 + exponential(-logits[e])) : logits[e];
    for (int64_t e = 0; e < E; e++) choice[e] = score[e] + m->choice_bias[e];
    memset(taken, 0, E);
    if (m->groups > 1) best_groups(m, choice, taken);
    largest(choice, taken, E, K, which);
    for (int64_t k = 0; k < K; k++) weight[k] = score[which[k]];
    float total = 1;
    if (m->score == TOPK_SOFTMAX) {
        exponentials(weight, K, most(weight, K));
        total = sum(weight, K);
    } else if (m->renorm)
        total = sum(weight, K) + 1e-20f;
    for (int64_t k = 0; k < K; k++) weight[k] *= m->scale / total;
}

/* silu(gate) up, or gpt-oss' clamped one, into gate. */
static void activate(float *gate, const float *up, int64_t n, float limit, float alpha) {
    if (limit > 0)
        for (int64_t i = 0; i < n; i++) {
            float g = fminf(gate[i], limit), u = fminf(fmaxf(up[i], -limit), limit);
            gate[i] = (u + 1) * g / (1 + exponential(-alpha * g));
        }
    else
#pragma omp simd
        for (int64_t i = 0; i < n; i++) gate[i] = gate[i] * up[i] / (1 + exponential(-gate[i]));
}

static int64_t paired(const Matrix *gate, const Matrix *up, const float *x, float *y, int64_t width,
                      Job *jobs) {
    jobs[0] = (Job){gate, x, y};
    if (!up->weight) return 1;
    jobs[1] = (Job){up, x, y + width};
    return 2;
}

/* x + mlp(norm(x)). Of a sparse one the routing goes to the last four. */
int swiglu(const SwiGLU *m, const void *token, void *out, float *logits, float *weight, int64_t *which,
           int64_t *rows) {
    int64_t D = m->width, E = m->experts, K = E ? m->top_k : 0, F = m->d_expert, S = m->d_ff, n = 0;
    float *x = malloc((4 * D + 2 * E + 2 * K * F + K * D + 2 * S + 1) * sizeof *x + E + 1);
    Job *jobs = malloc((2 * K + 3) * sizeof *jobs);
    if (!x || !jobs) return free(x), free(jobs), 1;
    float *h = x + D, *y = h + D, *score = y + D, *wide = score + 2 * E, *shared = wide + 2 * K * F;
    float *each = shared + 2 * S, *dense = each + K * D, *open = dense + D;
    entered(token, m->norm, m->kind, D, m->eps, x, h);
    if (E) {
        run(&(Job){&m->router, h, logits}, 1);
        route(m, logits, score, score + E, (char *)(open + 1), which, weight);
        memset(rows, 0, E * sizeof *rows);
    }
    for (int64_t k = 0; k < K; k++) {
        int64_t e = which[k];
        rows[e] = 1;
        n += paired(m->expert_gate + e, m->expert_up + e, h, wide + 2 * k * F, F, jobs + n);
    }
    if (S) n += paired(&m->gate, &m->up, h, shared, S, jobs + n);
    if (m->shared_gate.weight) jobs[n++] = (Job){&m->shared_gate, h, open};
    run(jobs, n);
    for (int64_t k = 0; k < K; k++) {
        float *gate = wide + 2 * k * F;
        activate(gate, gate + F, F, m->limit, m->alpha);
        jobs[k] = (Job){m->expert_down + which[k], gate, each + k * D};
    }
    if (S) {
        activate(shared, shared + S, S, 0, 0);
        jobs[K] = (Job){&m->down, shared, dense};
    }
    run(jobs, K + (S > 0));
    float by = m->shared_gate.weight ? 1 / (1 + exponential(-*open)) : 1;
    for (int64_t i = 0; i < D; i++) y[i] = S ? by * dense[i] : 0;
    for (int64_t k = 0; k < K; k++)
        for (int64_t i = 0; i < D; i++) y[i] += weight[k] * each[k * D + i];
    left(x, y, m->post_norm, m->kind, D, m->eps, out);
    free(x), free(jobs);
    return 0;
}
