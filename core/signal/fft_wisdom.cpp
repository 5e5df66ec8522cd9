// Wisdom between runs: FFTW's own text under a first line of ours that proves it is whole.
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/signal/fftw_planner.h"
#include "core/signal/stft.h"

#include <cstdlib>
#include <fftw3.h>

namespace kino {
namespace {

constexpr std::string_view kHeading = "kinoscope-fftw-wisdom 1 ";
constexpr std::size_t kLargestFile = std::size_t{4} << 20;

std::filesystem::path wisdomFile(const std::filesystem::path &folder) { return folder / "fftw-float.wisdom"; }

std::string headingOf(std::string_view wisdom)
{
    return std::string(kHeading) + sha256(std::as_bytes(std::span(wisdom.data(), wisdom.size()))) + "\n";
}

std::string exportWisdom()
{
    const std::lock_guard lock(fftwPlannerMutex());
    const std::unique_ptr<char, decltype(&std::free)> text(fftwf_export_wisdom_to_string(), &std::free);
    return text ? std::string(text.get()) : std::string();
}

} // namespace

void Stft::loadWisdom(const std::filesystem::path &folder)
{
    std::error_code missing;
    if (!std::filesystem::is_regular_file(wisdomFile(folder), missing))
        return;
    std::string content;
    try {
        content = readTextFile(wisdomFile(folder), kLargestFile);
    } catch (const Error &error) {
        log(LogLevel::info, std::string("FFTW's wisdom is not used: ") + error.what());
        return;
    }
    const std::size_t lineEnd = content.find('\n');
    if (lineEnd == std::string::npos || content.substr(0, lineEnd + 1) != headingOf(content.substr(lineEnd + 1)))
        return;
    // FFTW itself refuses wisdom of another version or of a machine with other vector instructions.
    const std::lock_guard lock(fftwPlannerMutex());
    fftwf_import_wisdom_from_string(content.c_str() + lineEnd + 1);
}

void Stft::saveWisdom(const std::filesystem::path &folder)
{
    const std::string wisdom = exportWisdom();
    if (wisdom.empty())
        return;
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        throw Error(folder, "This cache folder could not be made: " + failure.message() + ".");
    writeFileAtomically(wisdomFile(folder), headingOf(wisdom) + wisdom);
}

} // namespace kino
