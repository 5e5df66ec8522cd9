#include "core/base/random.h"

#include <numbers>

namespace kino {
namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;
// Keeps the counters that name split streams apart from those that number drawn blocks.
constexpr std::uint32_t kSplitDomain = 0x53504C54;

std::array<std::uint32_t, 2> words(std::uint64_t value)
{
    return {static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)};
}

std::uint64_t joined(std::uint32_t low, std::uint32_t high) { return (std::uint64_t{high} << 32) | low; }

} // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key)
{
    for (int round = 0; round < kRounds; ++round) {
        const std::uint64_t product0 = std::uint64_t{kMultiplier0} * counter[0];
        const std::uint64_t product1 = std::uint64_t{kMultiplier1} * counter[2];
        counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
                   static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
        key[0] += kWeyl0;
        key[1] += kWeyl1;
    }
    return counter;
}

RandomStream::RandomStream(std::uint64_t seed) : m_key(seed) {}

RandomStream::RandomStream(State state) : m_key(state.key), m_position(state.position) {}

RandomStream RandomStream::split(std::uint64_t number) const
{
    const auto [low, high] = words(number);
    const auto block = philox4x32({low, high, kSplitDomain, kSplitDomain}, words(m_key));
    return RandomStream(joined(block[0], block[1]));
}

std::uint32_t RandomStream::bits()
{
    const std::uint64_t blockNumber = m_position / m_block.size();
    if (blockNumber != m_blockNumber) {
        const auto [low, high] = words(blockNumber);
        m_block = philox4x32({low, high, 0, 0}, words(m_key));
        m_blockNumber = blockNumber;
    }
    return m_block[m_position++ % m_block.size()];
}

double RandomStream::uniform()
{
    const std::uint32_t low = bits();
    const std::uint32_t high = bits();
    return static_cast<double>(joined(low, high) >> 11) * 0x1.0p-53;
}

double RandomStream::uniform(double from, double to) { return from + (to - from) * uniform(); }

double RandomStream::normal()
{
    // 1 − u lies in (0, 1], so the logarithm is finite.
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double RandomStream::normal(double mean, double standardDeviation) { return mean + standardDeviation * normal(); }

std::uint64_t RandomStream::below(std::uint64_t bound)
{
    // Rejects the incomplete last stretch of the 64-bit range.
    const std::uint64_t firstFair = (0 - bound) % bound;
    for (;;) {
        const std::uint32_t low = bits();
        const std::uint64_t drawn = joined(low, bits());
        if (drawn >= firstFair)
            return drawn % bound;
    }
}

} // namespace kino
