// Random numbers that are the same on every machine and in every order of work: a counter-based generator
// (Philox 4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) whose streams are split by
// number. `RandomStream(seed).split(epoch).split(sample)` gives sample's numbers whoever asks, whenever.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace kino {

class RandomStream {
public:
    /** All of a stream's state, to be kept in a checkpoint. */
    struct State {
        std::uint64_t key = 0;
        std::uint64_t position = 0;
        friend bool operator==(const State &, const State &) = default;
    };

    explicit RandomStream(std::uint64_t seed);
    explicit RandomStream(State state);

    State state() const { return {m_key, m_position}; }
    /** An independent stream named by `number`. Depends on this stream's key only, not on what was drawn from it. */
    RandomStream split(std::uint64_t number) const;

    std::uint32_t bits();
    /** Uniform in [0, 1), 53 random bits. */
    double uniform();
    double uniform(double from, double to);
    /** Standard normal (Box-Muller, the cosine half: a call always draws the same count of words). */
    double normal();
    double normal(double mean, double standardDeviation);
    /** Uniform in [0, bound), without modulo bias. `bound` must be positive. */
    std::uint64_t below(std::uint64_t bound);

    template <class T>
    void shuffle(std::span<T> values)
    {
        for (std::size_t left = values.size(); left > 1; --left)
            std::swap(values[left - 1], values[below(left)]);
    }

private:
    std::uint64_t m_key = 0;
    std::uint64_t m_position = 0; // count of 32-bit words drawn
    std::array<std::uint32_t, 4> m_block{};
    std::uint64_t m_blockNumber = ~std::uint64_t{0};
};

/**
 * Independent standard normals, several times as fast as normal() one by one and other numbers than those. Blocks of four
 * words are used whole: filling begins at the stream's next whole block and takes ceil(n / 4) of them, and each gives four
 * values by Box and Muller's transform, both halves of it. So a shorter fill is the beginning of a longer one, and n values
 * are those of two fills of which the first is a multiple of four long. The radius has 31 random bits (no value lies
 * beyond 6.56, which a normal does once in 2 · 10^10 draws), the angle 32. The same bits on every x86-64 machine.
 */
void fillNormal(RandomStream &stream, std::span<float> out);

/** Philox 4x32-10 of one counter and key; public for its known-answer test. */
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

} // namespace kino
