#include "core/data/profile/runs.h"

#include "core/base/error.h"
#include "core/data/profile/sidecars.h"
#include "core/data/table/row_times.h"
#include "core/data/table/text_file.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

struct OwnSpan {
    Nanos fromNs = 0;
    Nanos toNs = 0;
};

bool isTogether(const OwnSpan &a, const OwnSpan &b)
{
    return std::abs(a.fromNs - b.fromNs) <= kRunToleranceNs && std::abs(a.toNs - b.toNs) <= kRunToleranceNs;
}

/** Rows looked at from either end for one that has a time. */
constexpr int kRowsTried = 64;

std::optional<Nanos> timeOfLine(std::string_view line, std::size_t column, const FileSpec &spec)
{
    const std::vector<std::string> fields = splitLine(line, spec.table.layout, column + 1);
    if (column >= fields.size())
        return std::nullopt;
    return parseTime(fields[column], spec.time.unit, spec.time.utcOffsetNs, spec.table.layout.decimal);
}

/** Times of the first and the last row. */
std::optional<OwnSpan> spanOf(const fs::path &path, const FileSpec &spec)
try {
    const TextFile file = TextFile::open(path);
    const TableHeader header = readTableHeader(path, file.text(), spec.table.layout);
    const auto column = resolveColumn(*spec.time.column, header.names);
    if (!column)
        return std::nullopt;
    const std::string_view body = file.text().substr(std::min(header.dataOffset, file.text().size()));
    std::optional<Nanos> first;
    std::string_view rest = body.substr(0, kLongestLine);
    for (int i = 0; i < kRowsTried && !first && !rest.empty(); ++i) {
        const std::size_t lineEnd = std::min(rest.find('\n'), rest.size());
        first = timeOfLine(rest.substr(0, lineEnd), *column, spec);
        rest.remove_prefix(std::min(lineEnd + 1, rest.size()));
    }
    std::optional<Nanos> last;
    rest = body.substr(body.size() - std::min(body.size(), kLongestLine));
    for (int i = 0; i < kRowsTried && !last && !rest.empty(); ++i) {
        const std::size_t lineEnd = rest.rfind('\n');
        last = timeOfLine(lineEnd == std::string_view::npos ? rest : rest.substr(lineEnd + 1), *column, spec);
        rest = lineEnd == std::string_view::npos ? std::string_view() : rest.substr(0, lineEnd);
    }
    if (!first || !last)
        return std::nullopt;
    return OwnSpan{*first, *last};
} catch (const Error &) {
    return std::nullopt;
}

/** Splits one plan. */
class RunSplitter {
public:
    explicit RunSplitter(ProfilePlan plan) : m_plan(std::move(plan)) {}

    std::vector<ProfilePlan> split()
    {
        for (const ProfileFile &file : m_plan.files)
            look(file);
        if (m_others.empty())
            return {std::move(m_plan)};
        ProfilePlan run = m_plan;
        std::erase_if(run.files, [&](const ProfileFile &file) { return isOutside(file.path); });
        std::vector<ProfilePlan> plans;
        if (!run.files.empty())
            plans.push_back(run);
        const bool isWholeFolder = run.files.empty() && m_others.size() == 1;
        for (Other &other : m_others) {
            ProfilePlan plan = m_plan;
            plan.files = std::move(other.files);
            plan.isOtherRun = true;
            if (!isWholeFolder)
                plan.name = plan.files.front().path.stem().string();
            for (const ProfileFile &file : plan.files)
                remark(file, other.span, plans, plan);
            plans.push_back(std::move(plan));
        }
        return plans;
    }

private:
    struct Other {
        OwnSpan span;
        std::vector<ProfileFile> files;
    };

    void look(const ProfileFile &file)
    {
        const FileSpec &spec = m_plan.profile->files[file.spec];
        if (spec.time.epoch != TimeEpoch::anchored || spec.time.anchorUntil.empty() || !spec.time.column)
            return;
        const Captures &captures = lookedUp(file);
        const auto until = parseTime(fillIn(spec.time.anchorUntil, captures), spec.time.unit);
        const auto from = spec.time.anchorOwn.empty() ? std::optional<Nanos>(0)
                                                      : parseTime(fillIn(spec.time.anchorOwn, captures), spec.time.unit);
        if (!until || !from)
            return;
        m_run = {*from, *until};
        const auto span = spanOf(file.path, spec);
        if (!span || (span->toNs <= m_run.toNs + kRunToleranceNs && span->fromNs >= m_run.fromNs - kRunToleranceNs))
            return;
        const auto same = std::ranges::find_if(m_others, [&](const Other &other) { return isTogether(other.span, *span); });
        if (same == m_others.end())
            m_others.push_back({*span, {file}});
        else
            same->files.push_back(file);
    }

    const Captures &lookedUp(const ProfileFile &file)
    {
        if (!m_lookedUp.empty())
            return m_lookedUp;
        Captures captures = m_plan.files.size() == 1 ? file.captures : m_plan.captures;
        captures.emplace("stem", m_plan.files.front().path.stem().string());
        captures.emplace("folder", m_plan.base.filename().string());
        std::vector<fs::path> files;
        m_lookedUp = withLookups(*m_plan.profile, m_plan.base, std::move(captures), &files);
        for (const fs::path &path : files)
            m_source += (m_source.empty() ? "" : ", ") + path.lexically_relative(m_plan.base).generic_string();
        return m_lookedUp;
    }

    bool isOutside(const fs::path &path) const
    {
        return std::ranges::any_of(m_others, [&](const Other &other) {
            return std::ranges::find(other.files, path, &ProfileFile::path) != other.files.end();
        });
    }

    void remark(const ProfileFile &file, const OwnSpan &span, std::vector<ProfilePlan> &run, ProfilePlan &own) const
    {
        const std::string facts = "'" + file.path.filename().string() + "' runs from " + secondsText(span.fromNs) + " to "
                                  + secondsText(span.toNs) + ", but the run of which " + m_source + " tells from "
                                  + secondsText(m_run.fromNs) + " to " + secondsText(m_run.toNs) + ": it is of another run";
        own.remarks.push_back({Severity::warning, file.path, 0, "other-run", 1,
                               facts + ", so it has no wall clock" + (run.empty() ? "" : " and is a recording of its own")});
        if (!run.empty() && !run.front().isOtherRun)
            run.front().remarks.push_back(
                {Severity::warning, file.path, 0, "other-run", 1, facts + " and is a recording of its own"});
    }

    ProfilePlan m_plan;
    Captures m_lookedUp;
    std::string m_source; // the files that tell of the run
    OwnSpan m_run;
    std::vector<Other> m_others;
};

} // namespace

std::vector<ProfilePlan> splitByRun(ProfilePlan plan)
{
    const bool isTold = std::ranges::any_of(plan.files, [&](const ProfileFile &file) {
        return !plan.profile->files[file.spec].time.anchorUntil.empty();
    });
    if (!isTold)
        return {std::move(plan)};
    return RunSplitter(std::move(plan)).split();
}

} // namespace kino
