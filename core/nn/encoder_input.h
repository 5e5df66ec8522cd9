// Which windows each encoder takes. Free of LibTorch, so that a specification can be judged without loading it; the
// encoders themselves are made with the same values.
#pragma once

#include <cstdint>
#include <limits>

namespace kino {

/** The windows that an encoder takes: [B, channels, length], or pictures [B, channels, height, width] where height > 0. */
struct EncoderInput {
    std::int64_t channels = 6;
    std::int64_t usualLength = 1000;
    std::int64_t leastLength = 1;
    std::int64_t mostLength = std::numeric_limits<std::int64_t>::max();
    /** Pictures; length is their width then. */
    std::int64_t height = 0;

    bool isPicture() const { return height > 0; }
    bool hasMost() const { return mostLength != std::numeric_limits<std::int64_t>::max(); }
};

/** The third pooled length must be the 32 features of its GRU (methods 3.1.1). */
inline constexpr EncoderInput kMw2Input{.channels = 6, .usualLength = 1000, .leastLength = 978, .mostLength = 1004};
inline constexpr EncoderInput kPrimusInput{.channels = 6, .usualLength = 250, .leastLength = 123};
inline constexpr EncoderInput kAttentionPooledInput{.channels = 6, .usualLength = 1000, .leastLength = 19};
inline constexpr EncoderInput kTimeDistributedInput{.channels = 6, .usualLength = 1000, .leastLength = 59};
/** torchvision's, for pictures of 96 × 128 as IMG2IMU's app takes them. */
inline constexpr EncoderInput kResNetInput{.channels = 3, .usualLength = 128, .leastLength = 32, .height = 96};

constexpr EncoderInput patchInput(std::int64_t patch) { return {.channels = 6, .usualLength = 1000, .leastLength = patch}; }
constexpr EncoderInput harCnnInput(std::int64_t channels) { return {.channels = channels, .usualLength = 400, .leastLength = 46}; }

} // namespace kino
