#include "core/jobs/training/run_folder.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/jobs/specification/specification.h"

#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;

FileLock lockedFolder(const fs::path &folder)
{
    std::error_code code;
    fs::create_directories(folder, code);
    if (code)
        throw Error(folder, "cannot be made (" + code.message() + "); choose a folder in which you may write");
    std::optional<FileLock> lock = FileLock::tryLock(folder / ".lock");
    if (!lock)
        throw Error(folder, "is in use: another run works in it; wait for it, or choose another folder");
    return std::move(*lock);
}

} // namespace

RunFolder::RunFolder(fs::path folder, FormerRun former, ForeignFiles foreign) : m_folder(std::move(folder)), m_lock(lockedFolder(m_folder))
{
    std::error_code code;
    m_isResumed = fs::exists(m_folder / "spec.json", code);
    if (m_isResumed && former == FormerRun::refuse)
        throw Error(m_folder, "holds a run already; go on with it (--resume), or choose another folder");
    if (!m_isResumed && foreign == ForeignFiles::refuse) {
        static const std::set<std::string> kOwn = {"run.json", "cache", ".lock"};
        for (const auto &entry : fs::directory_iterator(m_folder)) {
            if (!kOwn.contains(entry.path().filename().string()))
                throw Error(m_folder, "holds no run and yet " + entry.path().filename().string() + "; choose an empty folder, or one that does not exist");
        }
    }
    // Killed between the two files, a run has the first alone and made no step.
    if (!m_isResumed || !fs::exists(m_folder / "run.json", code))
        return;
    m_facts = readJsonFile(m_folder / "run.json");
    if (!m_facts.is_object() || !m_facts.contains("threads") || !m_facts.at("threads").is_number_unsigned() || !m_facts.contains("fingerprint"))
        throw Error(m_folder / "run.json", "is damaged; begin a new run in another folder");
}

std::optional<std::size_t> RunFolder::formerThreads() const
{
    return m_facts.is_null() ? std::nullopt : std::optional(m_facts.at("threads").get<std::size_t>());
}

void RunFolder::requireSameRun(const nlohmann::json &specification, std::size_t threads, OtherThreads otherThreads) const
{
    if (!m_isResumed)
        return;
    if (readJsonFile(m_folder / "spec.json") != specification)
        throw Error(m_folder / "spec.json", "is of another specification than the one that was given; a run goes on as it began, or begins in another folder");
    const std::size_t former = formerThreads().value_or(threads);
    if (former != threads && otherThreads == OtherThreads::refuse)
        throw Error(m_folder, "was trained with " + std::to_string(former) + " threads and would go on with " + std::to_string(threads)
                                  + ", whose sums differ; give --threads " + std::to_string(former) + ", or --other-threads where the difference does not matter");
}

void RunFolder::requireSameData(const std::string &fingerprint) const
{
    if (!m_facts.is_null() && m_facts.at("fingerprint") != fingerprint)
        throw Error(m_folder / "run.json", "says that the run began on other windows or other values than the data give now; begin a new run in another folder");
}

void RunFolder::describe(const nlohmann::json &specification, const nlohmann::json &facts)
{
    if (!m_isResumed)
        writeFileAtomically(m_folder / "spec.json", orderedSpecification(specification).dump(2) + "\n");
    writeFileAtomically(m_folder / "run.json", facts.dump(2) + "\n");
}

} // namespace kino
