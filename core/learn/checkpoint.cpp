#include "core/learn/checkpoint.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/nn/weights.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr const char *kTensors = "state.safetensors";
constexpr const char *kState = "state.json";

/** A rename is safe only once the folder that holds the name is. */
void syncFolder(const fs::path &folder)
{
    const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool isSafe = file >= 0 && (fsync(file) == 0 || errno == EINVAL);
    const int code = errno;
    if (file >= 0)
        close(file);
    if (!isSafe)
        throw Error(folder, std::string("cannot be synced to the disk (") + std::strerror(code) + "); is it full?");
}

} // namespace

void writeCheckpoint(const fs::path &folder, std::int64_t step, const Checkpoint &checkpoint)
{
    const std::string name = "step-" + std::to_string(step);
    const fs::path made = folder / name, fresh = folder / (name + ".part");
    std::error_code code;
    fs::remove_all(fresh, code);
    fs::create_directories(fresh, code);
    if (code)
        throw Error(fresh, "cannot be made (" + code.message() + "); choose a folder in which you may write");
    writeTensors(fresh / kTensors, checkpoint.tensors);
    writeFileAtomically(fresh / kState, nlohmann::json{{"sha256", sha256OfFile(fresh / kTensors)}, {"state", checkpoint.state}}.dump(1));
    syncFolder(fresh);
    // Of the same step there may be one already, which is current: it must not be away for an instant.
    const bool isThere = fs::exists(made, code);
    const fs::path place = isThere ? folder / (name + "-again") : made;
    if (isThere)
        fs::remove_all(place, code);
    fs::rename(fresh, place, code);
    if (code)
        throw Error(place, "cannot be made (" + code.message() + ")");
    const fs::path link = folder / "current.part";
    fs::remove(link, code);
    fs::create_directory_symlink(place.filename(), link, code);
    if (!code)
        fs::rename(link, folder / "current", code);
    if (code)
        throw Error(folder / "current", "cannot be set (" + code.message() + "); the disk must know symbolic links");
    syncFolder(folder);
    std::vector<fs::path> old;
    for (const auto &entry : fs::directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with("step-") && entry.path().filename() != place.filename())
            old.push_back(entry.path());
    }
    for (const fs::path &each : old)
        fs::remove_all(each, code);
}

std::optional<Checkpoint> readCheckpoint(const fs::path &folder)
{
    const fs::path current = folder / "current";
    std::error_code code;
    if (!fs::is_directory(current, code))
        return std::nullopt;
    Checkpoint checkpoint;
    const nlohmann::json described = readJsonFile(current / kState);
    if (!described.is_object() || !described.contains("state") || described.value("sha256", nlohmann::json()) != sha256OfFile(current / kTensors))
        throw Error(current, "is damaged: its tensors are not those that were written; take a copy from elsewhere, or begin a new run");
    checkpoint.state = described.at("state");
    checkpoint.tensors = readWeights(current / kTensors).tensors;
    return checkpoint;
}

} // namespace kino
