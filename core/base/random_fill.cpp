#include "core/base/random.h"
#include "core/base/simd.h"

#include <numbers>

namespace kino {
namespace {

constexpr std::size_t kBlocksAtOnce = 64;
constexpr std::size_t kPairsAtOnce = 2 * kBlocksAtOnce;

template <int W>
struct Lanes {
    using Floats = typename simd::Vector<W>::Floats;
    using Ints = typename simd::Vector<W>::Ints;
    typedef std::uint32_t Words __attribute__((vector_size(W * 4), aligned(4), may_alias));
};

/** ln x for x in (0, 1] by Cephes' polynomial for single precision. */
template <int W>
KINO_ALWAYS_INLINE void logarithm(const typename Lanes<W>::Floats &x, typename Lanes<W>::Floats &out)
{
    using Floats = typename Lanes<W>::Floats;
    using Ints = typename Lanes<W>::Ints;
    constexpr int kRootHalf = 0x3f3504f3; // bits of sqrt(1/2): the mantissa is taken from [sqrt(1/2), sqrt(2))
    const Ints exponent = ((Ints)x - kRootHalf) >> 23;
    const Floats f = (Floats)((Ints)x - (exponent << 23)) - 1.0f;
    const Floats e = __builtin_convertvector(exponent, Floats);
    const Floats z = f * f;
    Floats y = 7.0376836292e-2f * f - 1.1514610310e-1f;
    y = y * f + 1.1676998740e-1f;
    y = y * f - 1.2420140846e-1f;
    y = y * f + 1.4249322787e-1f;
    y = y * f - 1.6668057665e-1f;
    y = y * f + 2.0000714765e-1f;
    y = y * f - 2.4999993993e-1f;
    y = y * f + 3.3333331174e-1f;
    y = y * f * z - 2.12194440e-4f * e - 0.5f * z;
    out = f + y + 0.693359375f * e;
}

/** By Newton's steps to the inverse root: correct to a few units in the last place, and 0 at 0. */
template <int W>
KINO_ALWAYS_INLINE void squareRoot(const typename Lanes<W>::Floats &x, typename Lanes<W>::Floats &out)
{
    using Floats = typename Lanes<W>::Floats;
    using Ints = typename Lanes<W>::Ints;
    Floats inverse = (Floats)(0x5f3759df - ((Ints)x >> 1));
    for (int step = 0; step < 3; ++step)
        inverse = inverse * (1.5f - 0.5f * x * inverse * inverse); // from the left, so that x = 0 cannot meet an infinity
    out = x * inverse;
}

template <int W, int... I>
KINO_ALWAYS_INLINE void normalPairs(const std::uint32_t *radii, const std::uint32_t *angles, float *out, std::integer_sequence<int, I...>)
{
    using Floats = typename Lanes<W>::Floats;
    using Ints = typename Lanes<W>::Ints;
    using Words = typename Lanes<W>::Words;
    // 31 bits, because conversion knows signed numbers only; + 1 leads to (0, 1], where the logarithm is finite.
    const Words radius = *reinterpret_cast<const Words *>(radii);
    const Floats uniform = (__builtin_convertvector((Ints)(radius >> 1), Floats) + 1.0f) * 0x1.0p-31f;
    Floats log;
    logarithm<W>(uniform, log);
    const Floats twice = -2.0f * log;
    Floats r;
    squareRoot<W>(twice > 0.0f ? twice : Floats{}, r); // also turns -0 into 0

    // The angle: two bits name the quarter turn, thirty the place in it, from -1/8 to 1/8 of a turn.
    const Words angle = *reinterpret_cast<const Words *>(angles);
    const Floats theta = __builtin_convertvector((Ints)(angle << 2), Floats) * static_cast<float>(std::numbers::pi / 2 * 0x1.0p-32);
    const Words quarter = angle >> 30;
    const Floats z = theta * theta;
    const Floats sine = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * theta + theta;
    const Floats cosine = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z * z - 0.5f * z + 1.0f;
    const Ints isOdd = (Ints)(quarter << 31) < 0;
    const Words cosineSign = ((quarter + 1) & 2) << 30;
    const Words sineSign = (quarter & 2) << 30;
    const Floats turnedCosine = (Floats)((Words)(isOdd ? sine : cosine) ^ cosineSign);
    const Floats turnedSine = (Floats)((Words)(isOdd ? cosine : sine) ^ sineSign);

    const Floats first = r * turnedCosine;
    const Floats second = r * turnedSine;
    *reinterpret_cast<Floats *>(out) = __builtin_shufflevector(first, second, (I % 2 * W + I / 2)...);
    *reinterpret_cast<Floats *>(out + W) = __builtin_shufflevector(first, second, (I % 2 * W + I / 2 + W / 2)...);
}

template <int W>
KINO_ALWAYS_INLINE void boxMullerBody(const std::uint32_t *radii, const std::uint32_t *angles, float *out)
{
    for (std::size_t pair = 0; pair < kPairsAtOnce; pair += W)
        normalPairs<W>(radii + pair, angles + pair, out + 2 * pair, std::make_integer_sequence<int, W>());
}

} // namespace

/** kPairsAtOnce words of each, twice as many values. Not in a header: seen by the test of variants only. */
KINO_SIMD_DISPATCH_EXACT(void, boxMuller, (const std::uint32_t *radii, const std::uint32_t *angles, float *out), boxMullerBody, (radii, angles, out))

void fillNormal(RandomStream &stream, std::span<float> out)
{
    constexpr std::size_t kWordsPerBlock = 4;
    const auto [key, position] = stream.state();
    const std::array<std::uint32_t, 2> keyWords = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
    const std::uint64_t firstBlock = position / kWordsPerBlock + (position % kWordsPerBlock != 0);
    const std::size_t blocks = out.size() / kWordsPerBlock + (out.size() % kWordsPerBlock != 0);
    std::array<std::uint32_t, kPairsAtOnce> radii{};
    std::array<std::uint32_t, kPairsAtOnce> angles{};
    std::array<float, 2 * kPairsAtOnce> values;
    for (std::size_t done = 0; done < blocks; done += kBlocksAtOnce) {
        const std::size_t now = std::min(kBlocksAtOnce, blocks - done);
        for (std::size_t block = 0; block < now; ++block) {
            const std::uint64_t number = firstBlock + done + block;
            const auto words = philox4x32({static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32), 0, 0}, keyWords);
            radii[2 * block] = words[0];
            angles[2 * block] = words[1];
            radii[2 * block + 1] = words[2];
            angles[2 * block + 1] = words[3];
        }
        const std::span<float> target = out.subspan(done * kWordsPerBlock);
        if (target.size() >= values.size()) {
            boxMuller(radii.data(), angles.data(), target.data());
        } else {
            boxMuller(radii.data(), angles.data(), values.data());
            std::copy_n(values.begin(), target.size(), target.begin());
        }
    }
    stream = RandomStream(RandomStream::State{key, (firstBlock + blocks) * kWordsPerBlock});
}

} // namespace kino
