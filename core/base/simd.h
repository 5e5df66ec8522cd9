// How a hot loop is compiled once per instruction set and chosen at run time, so that a portable build is as fast as a
// native one. The loop is written once, as an always-inlined template over the number of lanes, with GCC's and Clang's
// vector types; KINO_SIMD_DISPATCH makes the variants.
#pragma once

#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__)
#define KINO_SIMD_X86 1
#endif

#define KINO_ALWAYS_INLINE inline __attribute__((always_inline))

namespace kino::simd {

/** W floats, or W 32-bit integers, that are added, multiplied and compared as one. */
template <int W>
struct Vector {
    typedef float Floats __attribute__((vector_size(W * 4), aligned(4), may_alias));
    typedef int Ints __attribute__((vector_size(W * 4), aligned(4), may_alias));
};

enum class Level { base, avx2, avx512 };

/** The best instruction set that this machine has; found once. */
inline Level level()
{
#ifdef KINO_SIMD_X86
    static const Level found = [] {
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
            return Level::avx512;
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? Level::avx2 : Level::base;
    }();
    return found;
#else
    return Level::base;
#endif
}

} // namespace kino::simd

/**
 * Defines `name parameters`, which calls body<W> with arguments for the best W that this machine has. Use as
 * KINO_SIMD_DISPATCH(static void, computeSum, (const float *values, int count), sumBody, (values, count)).
 */
#ifdef KINO_SIMD_X86
#define KINO_SIMD_DISPATCH(result, name, parameters, body, arguments)                                                  \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"))) result name##Avx512 parameters                       \
    {                                                                                                                  \
        return body<16> arguments;                                                                                     \
    }                                                                                                                  \
    __attribute__((target("avx2,fma"))) result name##Avx2 parameters { return body<8> arguments; }                     \
    result name##Base parameters { return body<4> arguments; }                                                         \
    result name parameters                                                                                             \
    {                                                                                                                  \
        switch (kino::simd::level()) {                                                                                 \
        case kino::simd::Level::avx512: return name##Avx512 arguments;                                                 \
        case kino::simd::Level::avx2: return name##Avx2 arguments;                                                     \
        default: return name##Base arguments;                                                                          \
        }                                                                                                              \
    }
#else
#define KINO_SIMD_DISPATCH(result, name, parameters, body, arguments)                                                  \
    result name parameters { return body<4> arguments; }
#endif

/**
 * The same for loops whose numbers are to have the same bits on every machine: without fused multiply-add, so that only
 * the number of lanes differs. (x86-64; other compilers' targets may fuse.) Variants are called Avx2 and Base.
 */
#ifdef KINO_SIMD_X86
#define KINO_SIMD_DISPATCH_EXACT(result, name, parameters, body, arguments)                                            \
    __attribute__((target("avx2"))) result name##Avx2 parameters { return body<8> arguments; }                         \
    result name##Base parameters { return body<4> arguments; }                                                         \
    result name parameters                                                                                             \
    {                                                                                                                  \
        return kino::simd::level() == kino::simd::Level::base ? name##Base arguments : name##Avx2 arguments;           \
    }
#else
#define KINO_SIMD_DISPATCH_EXACT(result, name, parameters, body, arguments)                                            \
    result name parameters { return body<4> arguments; }
#endif
