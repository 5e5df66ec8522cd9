// Long clips for measurements: one film over and over, without encoding it again.
#pragma once

#include <filesystem>

namespace kino::test {

/** Copies the packets of the clip's one video stream `times` times, one copy after another, into a new MP4. */
void repeatClip(const std::filesystem::path &clip, const std::filesystem::path &path, int times);

} // namespace kino::test
