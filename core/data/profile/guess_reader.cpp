#include "core/data/profile/guess_reader.h"

#include "core/base/error.h"
#include "core/data/profile/guess.h"
#include "core/data/profile/reader.h"

#include <cmath>

namespace kino {
namespace fs = std::filesystem;

namespace {

/** In a folder a guess must be at least this sure. */
constexpr double kSureEnough = 0.45;

bool mayBeTable(const fs::path &path)
{
    std::string extension = path.extension().string();
    for (char &c : extension)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    for (const char *known : {".csv", ".txt", ".tsv", ".dat", ".log", ".asc", ".data"}) {
        if (extension == known)
            return true;
    }
    return false;
}

class GuessReader : public Reader {
public:
    FormatInfo format() const override
    {
        return {"guess", "Unknown text tables, by a guess", {"csv", "txt", "tsv", "dat", "log"}, true};
    }

    std::vector<FileGroup> claim(const FileScan &scan) const override
    {
        const bool isAsked = !scan.asked.empty();
        std::vector<FileGroup> groups;
        for (const fs::path &file : isAsked ? scan.asked : scan.files) {
            if (!isAsked && !mayBeTable(file))
                continue;
            try {
                GuessedProfile guess = guessProfile(file);
                if (!isAsked && (!guess.hasInertial || guess.confidence < kSureEnough))
                    continue;
                groups.push_back(groupOf(file, std::move(guess)));
            } catch (const Error &) {
                // No table: whyUnknown() says so where it was asked for.
            }
        }
        return groups;
    }

    Recording read(const FileGroup &group, const ImportOptions &options) const override
    {
        return readByProfile(*static_cast<const ProfilePlan *>(group.plan.get()), options);
    }

private:
    static FileGroup groupOf(const fs::path &file, GuessedProfile guess)
    {
        auto plan = std::make_shared<ProfilePlan>();
        plan->profile = std::make_shared<const ImportProfile>(parseProfile(guess.profile));
        plan->base = file.parent_path();
        plan->files.push_back({0, file, {}});
        plan->confidence = guess.confidence;
        plan->remarks = std::move(guess.assumptions);
        for (ReportRow &row : plan->remarks)
            row.file = file;
        FileGroup group;
        group.files = {file};
        group.confidence = guess.confidence;
        group.plan = std::move(plan);
        return group;
    }
};

} // namespace

std::unique_ptr<Reader> makeGuessReader() { return std::make_unique<GuessReader>(); }

std::string whyUnknown(const fs::path &path)
{
    try {
        guessProfile(path);
    } catch (const Error &error) {
        return error.sentence();
    }
    return "no reader knows this file";
}

std::string whyPassedOver(const fs::path &path)
{
    const std::string ending = path.extension().string();
    if (ending == ".bag" || ending == ".db3" || ending == ".mcap")
        return "logs of ROS are not read; write the topic of the IMU to CSV and open that";
    if (!mayBeTable(path))
        return "no reader knows such files";
    try {
        const GuessedProfile guess = guessProfile(path);
        if (!guess.hasInertial)
            return "no column looks like an accelerometer or a gyroscope; open it alone to say what it holds";
        if (guess.confidence < kSureEnough)
            return "a guess of what it holds is only " + std::to_string(static_cast<int>(std::lround(100 * guess.confidence)))
                   + " % sure; open it alone to look at it";
    } catch (const Error &error) {
        return error.sentence();
    }
    return "it belongs to no recording of this folder";
}

} // namespace kino
