// What torch.save writes: a zip archive with a pickle and the bytes of the tensors. Read without LibTorch and without
// executing anything: the calls that build tensors are understood, all others stay words on paper.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kino {

/** Strides and offset in elements, inside the storage. */
struct ArchiveTensor {
    std::string dtype; // "F32", "F64", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL", as safetensors spells it
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    std::int64_t offset = 0;
    std::shared_ptr<const std::vector<std::byte>> storage;
};

/**
 * The state dict of a .pt or .pth file, or of a Lightning checkpoint its "state_dict"; nested dicts by names joined with
 * dots. Numbers and texts beside the tensors are left out. Throws Error for what is no such archive, for tensors that
 * reach beyond their bytes, and, by name, for objects of other classes in the state dict. Never allocates more than the
 * file is long.
 */
std::map<std::string, ArchiveTensor> readTorchArchive(const std::filesystem::path &path);

/** Whether the file begins as a zip archive does. */
bool isZipArchive(const std::filesystem::path &path);

} // namespace kino
