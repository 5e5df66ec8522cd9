#include "core/data/dataset/pretraining.h"

#include "core/base/safetensors.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace kino {
namespace {

/** torch.save() writes archives in the zip format. */
bool isZip(const std::filesystem::path &path)
{
    char magic[2] = {};
    std::ifstream(path, std::ios::binary).read(magic, sizeof magic);
    return magic[0] == 'P' && magic[1] == 'K';
}

} // namespace

std::vector<std::string> pretrainedSubjects(const std::map<std::string, std::string> &metadata)
{
    const auto found = metadata.find(kPretrainedSubjectsKey);
    if (found == metadata.end())
        return {};
    const nlohmann::json list = nlohmann::json::parse(found->second, nullptr, false);
    const bool isList = list.is_array() && std::ranges::all_of(list, [](const nlohmann::json &each) { return each.is_string(); });
    return isList ? list.get<std::vector<std::string>>() : std::vector<std::string>();
}

std::vector<std::string> pretrainedSubjects(const std::filesystem::path &weights)
{
    return isZip(weights) ? std::vector<std::string>() : pretrainedSubjects(SafetensorsFile::open(weights).metadata());
}

} // namespace kino
