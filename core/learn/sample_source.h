// What is learned from, row by row: samples that are read when a batch needs them, and what is known of each.
#pragma once

#include "core/learn/augment/sample_shape.h"

#include <torch/torch.h>

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace kino {

/** Embeddings of another modality, by row. */
struct PairedTable {
    torch::Tensor vectors; // [rows, D] float32
    torch::Tensor mask;    // [rows] float32, 1 where there is one
};

struct SampleSource {
    /** Of a signal, a picture, or [1, 1, D] where windows were embedded before. */
    SampleShape shape;
    bool isEmbedded = false;
    /** Fills shape.size() values. Any thread, several at once. */
    std::function<void(std::size_t row, std::span<float> sample)> read;
    /** What follows augmentation: ImageNet's statistics of pictures. May be empty. */
    std::function<void(std::span<float> sample)> finish;
    std::vector<std::int64_t> labels;     // by row, -1 for none
    std::vector<std::int64_t> recordings; // by row
    std::map<std::string, PairedTable> paired;

    std::size_t rows() const { return labels.size(); }
};

} // namespace kino
