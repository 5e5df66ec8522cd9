// Checkpoints: folders step-N of tensors (safetensors) and JSON, written whole and synced before the link `current` is
// renamed onto them. After a power cut at any instant `current` leads to a whole one.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace kino {

struct Checkpoint {
    std::map<std::string, torch::Tensor> tensors;
    nlohmann::json state;
};

/** Makes `folder` where it is not there; earlier checkpoints go once the new one is current. Throws Error where it cannot write. */
void writeCheckpoint(const std::filesystem::path &folder, std::int64_t step, const Checkpoint &checkpoint);
/** The current one; nothing where there is none. Throws Error for a damaged one. */
std::optional<Checkpoint> readCheckpoint(const std::filesystem::path &folder);

} // namespace kino
