/* Whether the compiler has the vectors of x86; those of sixteen bytes every such processor has. */
#ifndef DEDUP_X86_H
#define DEDUP_X86_H
#if (defined(__x86_64__) || defined(_M_X64)) && defined(__GNUC__)
#include <immintrin.h>
#define DEDUP_X86 1
#endif
#endif
