// What starting weights have seen already, as their file says it: the lineage that a leakage verdict follows. Any thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kino {

/** The key of a weights file's metadata: a JSON list of subjects, those of the weights that training began with among them. */
inline constexpr const char *kPretrainedSubjectsKey = "pretrained_subjects";

/** From a weights file's metadata; none where it does not say, as other programs' files do not. */
std::vector<std::string> pretrainedSubjects(const std::map<std::string, std::string> &metadata);
/** From a file; of another format than safetensors, which cannot say, none. Throws Error where it cannot be read. */
std::vector<std::string> pretrainedSubjects(const std::filesystem::path &weights);

} // namespace kino
