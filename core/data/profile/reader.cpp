#include "core/data/profile/reader.h"

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/data/profile/assembly.h"
#include "core/data/profile/sidecars.h"
#include "core/data/table/row_times.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

struct ReadFile {
    const ProfileFile *file = nullptr;
    const FileSpec *spec = nullptr;
    LoadedTable table;
    Nanos shiftNs = 0; // from its own clock to the recording's common one
};

bool isInertial(const ImuStream &stream)
{
    return stream.kind == StreamKind::accelerometer || stream.kind == StreamKind::gyroscope;
}

Column<Nanos> shifted(const Column<Nanos> &times, Nanos byNs)
{
    if (byNs == 0)
        return times;
    std::vector<Nanos> moved(times.size());
    for (std::size_t i = 0; i < moved.size(); ++i)
        moved[i] = times[i] + byNs;
    return moved;
}

template <class T>
Column<T> joined(const Column<T> &first, const Column<T> &second)
{
    std::vector<T> all(first.begin(), first.end());
    all.insert(all.end(), second.begin(), second.end());
    return all;
}

class GroupReader {
public:
    GroupReader(const ProfilePlan &plan, const ImportOptions &options)
        : m_profile(*plan.profile), m_context{plan, options, {}, {}, {}, {}}
    {
    }

    Recording read()
    {
        describe();
        readTables();
        alignClocks();
        addStreams();
        addRowTiers();
        if (!plan().isOtherRun) {
            addAnnotations(m_context, m_recording);
            addVideos(m_context, m_recording);
        }
        compareDurations();
        finish();
        return std::move(m_recording);
    }

private:
    const ProfilePlan &plan() const { return m_context.plan; }

    void note(Severity severity, const fs::path &file, std::string code, std::int64_t count, std::string message)
    {
        m_recording.report.push_back({severity, file, 0, std::move(code), count, std::move(message)});
    }

    /** Captures, name and subject. */
    void describe()
    {
        Captures captures = plan().captures;
        if (plan().files.size() == 1)
            captures = plan().files.front().captures;
        const fs::path base = plan().base;
        captures.emplace("stem", plan().files.front().path.stem().string());
        captures.emplace("folder", base.filename().string());
        std::vector<fs::path> lookedUp;
        m_context.captures = withLookups(m_profile, base, std::move(captures), &lookedUp, &m_recording.report);
        m_context.shown = withNames(m_profile, m_context.captures);

        m_recording.format = m_profile.name;
        m_recording.confidence = plan().confidence;
        m_recording.path = plan().files.front().path;
        for (const ProfileFile &file : plan().files)
            m_recording.files.push_back(file.path);
        m_recording.files.insert(m_recording.files.end(), lookedUp.begin(), lookedUp.end());
        // An absolute name: importPaths makes it relative to what was asked for.
        if (!plan().name.empty())
            m_recording.name = (base / plan().name).string();
        else if (m_profile.recording.empty() || plan().isOtherName)
            m_recording.name = (m_recording.path.parent_path() / m_recording.path.stem()).string();
        else if (m_profile.recording == "{folder}")
            m_recording.name = base.string();
        else
            m_recording.name = (base / fillIn(m_profile.recording, m_context.captures)).string();
        m_recording.subject = fillIn(m_profile.subject, m_context.shown);
        m_recording.report.insert(m_recording.report.end(), plan().remarks.begin(), plan().remarks.end());
        if (plan().isOtherName)
            reportOtherName();
    }

    /** A forced profile on a file of another name: what its pattern would have caught stays empty. */
    void reportOtherName()
    {
        const ProfileFile &file = plan().files.front();
        const NamePattern &pattern = *m_profile.files[file.spec].match;
        std::string empty;
        for (const std::string &name : pattern.captureNames())
            empty.append(empty.empty() ? "" : ", ").append("{").append(name).append("}");
        std::string text = "the file's name does not fit '" + pattern.text() + "'; it was read by the profile "
                           + m_profile.name + " because that was asked for";
        if (m_profile.files.size() > 1)
            text += ", without the other files of the recording";
        if (!empty.empty())
            text += ". What the name would say stays empty: " + empty;
        if (!canFillIn(m_profile.subject, m_context.captures))
            text += ", so the subject is unknown";
        note(Severity::warning, file.path, "other-name", 1, text);
    }

    bool needsRowTimes() const
    {
        return std::ranges::any_of(m_profile.videos, &VideoSpec::timesOfRows);
    }

    void readTables()
    {
        std::size_t samplesBefore = 0;
        const ProfileFile *previous = nullptr;
        std::optional<Error> firstFailure;
        for (std::size_t i = 0; i < plan().files.size(); ++i) {
            const ProfileFile &file = plan().files[i];
            const FileSpec &spec = m_profile.files[file.spec];
            samplesBefore = samplesBeforePart(file, previous, samplesBefore);
            previous = &file;
            LoadOptions load;
            load.threads = usableThreads();
            load.samplesBefore = samplesBefore;
            load.keepRowTimes = needsRowTimes();
            load.withoutWallClock = plan().isOtherRun;
            load.cancel = m_context.options.cancel;
            load.progress = m_context.options.progress.part(static_cast<double>(i) / plan().files.size(),
                                                            static_cast<double>(i + 1) / plan().files.size());
            try {
                Captures captures = m_context.captures;
                for (const auto &[name, value] : file.captures)
                    captures[name] = value;
                ReadFile read{&file, &spec, loadTable(file.path, spec, withNames(m_profile, captures), load), 0};
                samplesBefore += read.table.samples;
                m_recording.report.insert(m_recording.report.end(), read.table.report.begin(), read.table.report.end());
                if (needsRowTimes())
                    m_context.rowTimesOfPart[partOf(file)] = std::move(read.table.rowTimesNs);
                m_read.push_back(std::move(read));
            } catch (const Error &error) {
                if (!firstFailure)
                    firstFailure = error;
                m_recording.report.push_back(
                    {Severity::error, file.path, error.line(), "unreadable-file", 1, error.sentence()});
            }
        }
        if (m_read.empty() && firstFailure)
            throw *firstFailure;
        reportMissingFiles();
    }

    std::string partOf(const ProfileFile &file) const
    {
        const auto found = file.captures.find(m_profile.files[file.spec].partCapture);
        return found == file.captures.end() ? std::string() : found->second;
    }

    /** Where a piece begins: after the pieces before it, with room for pieces that are not there. */
    std::size_t samplesBeforePart(const ProfileFile &file, const ProfileFile *previous, std::size_t soFar)
    {
        const FileSpec &spec = m_profile.files[file.spec];
        if (spec.partCapture.empty() || !previous || previous->spec != file.spec)
            return 0;
        const auto number = [&](const ProfileFile &of) { return std::strtoll(partOf(of).c_str(), nullptr, 10); };
        const long long absent = number(file) - number(*previous) - 1;
        if (spec.partRows == 0 || absent <= 0 || absent > 1'000'000)
            return soFar;
        note(Severity::warning, file.path, "missing-part", absent,
             counted(static_cast<std::size_t>(absent), "piece") + " before this one " + (absent == 1 ? "is" : "are")
                 + " not there; the time of " + (absent == 1 ? "its " : "their ")
                 + std::to_string(static_cast<std::size_t>(absent) * spec.partRows) + " rows stays empty");
        return soFar + static_cast<std::size_t>(absent) * spec.partRows;
    }

    void reportMissingFiles()
    {
        if (m_profile.recording.empty() || plan().isOtherRun || plan().isOtherName)
            return;
        for (std::size_t i = 0; i < m_profile.files.size(); ++i) {
            const FileSpec &spec = m_profile.files[i];
            const bool isThere = std::ranges::any_of(plan().files, [&](const ProfileFile &file) { return file.spec == i; });
            if (!spec.isOptional && !isThere)
                note(Severity::warning, plan().base, "missing-file", 1,
                     "the recording has no file like '" + spec.match->text() + "'; its sensors are missing");
        }
    }

    /** One clock for all tables, and its zero: the first accelerometer or gyroscope sample. */
    void alignClocks()
    {
        const bool someKnown
            = std::ranges::any_of(m_read, [](const ReadFile &file) { return file.table.toUnixNs.has_value(); });
        std::optional<Nanos> earliestKnown;
        for (ReadFile &file : m_read) {
            if (!file.table.toUnixNs)
                continue;
            file.shiftNs = *file.table.toUnixNs;
            const Nanos first = file.table.earliestNs + file.shiftNs;
            earliestKnown = std::min(earliestKnown.value_or(first), first);
        }
        for (ReadFile &file : m_read) {
            if (!someKnown || file.table.toUnixNs)
                continue;
            file.shiftNs = *earliestKnown - file.table.earliestNs;
            note(Severity::warning, file.file->path, "clock-assumed", 1,
                 "its times are relative where another file's are absolute; both were taken to begin together");
        }
        const auto firstOf = [&](const auto &isMeant) {
            std::optional<Nanos> first;
            for (const ReadFile &file : m_read) {
                for (const LoadedStream &loaded : file.table.streams) {
                    const Nanos begin = loaded.stream.timesNs.front() + file.shiftNs;
                    if (isMeant(loaded.stream))
                        first = std::min(first.value_or(begin), begin);
                }
            }
            return first;
        };
        std::optional<Nanos> zero = firstOf(isInertial);
        if (!zero)
            zero = firstOf([](const ImuStream &) { return true; });
        m_context.clock.zeroNs = zero.value_or(0);
        if (someKnown)
            m_recording.epochNs = m_context.clock.zeroNs;
        const ReadFile &leading = m_read.front();
        m_context.clock.leadingFirstRowNs = leading.table.firstRowNs;
        m_context.clock.ownToCommonNs = leading.shiftNs;
        m_context.clock.isUnix = someKnown;
    }

    Device &device(const std::string &name)
    {
        for (Device &known : m_recording.devices) {
            if (known.name == name)
                return known;
        }
        m_recording.devices.push_back({name, {}, {}});
        return m_recording.devices.back();
    }

    void addStreams()
    {
        for (ReadFile &file : m_read) {
            for (LoadedStream &loaded : file.table.streams) {
                ImuStream stream = std::move(loaded.stream);
                stream.timesNs = shiftOnce(stream.timesNs, file.shiftNs - m_context.clock.zeroNs);
                Device &owner = device(loaded.device);
                const auto same = std::ranges::find_if(owner.streams, [&](const ImuStream &known) {
                    return known.name() == stream.name();
                });
                if (same == owner.streams.end())
                    owner.streams.push_back(std::move(stream));
                else if (!file.spec->partCapture.empty() && same->axes == stream.axes)
                    append(*same, stream);
                else
                    addAsVariant(owner, std::move(stream), file);
            }
            m_shifted.clear();
        }
    }

    /** Streams of one table share their times; so do the shifted ones. */
    Column<Nanos> shiftOnce(const Column<Nanos> &times, Nanos byNs)
    {
        for (const auto &[from, to] : m_shifted) {
            if (from.values().data() == times.values().data() && from.size() == times.size())
                return to;
        }
        m_shifted.emplace_back(times, shifted(times, byNs));
        return m_shifted.back().second;
    }

    void append(ImuStream &stream, const ImuStream &next)
    {
        if (!stream.timesNs.empty() && !next.timesNs.empty() && next.timesNs.front() < stream.timesNs.back())
            note(Severity::warning, {}, "backward-time", 1, "a piece begins before the one before it ends");
        stream.timesNs = joined(stream.timesNs, next.timesNs);
        for (std::size_t axis = 0; axis < stream.values.size(); ++axis)
            stream.values[axis] = joined(stream.values[axis], next.values[axis]);
        stream.backwardTimes += next.backwardTimes;
    }

    void addAsVariant(Device &owner, ImuStream stream, const ReadFile &file)
    {
        const std::string plain = stream.name();
        const std::string stem = file.file->path.stem().string();
        stream.variant += (stream.variant.empty() ? "" : "-") + stem;
        while (std::ranges::any_of(owner.streams, [&](const ImuStream &known) { return known.name() == stream.name(); }))
            stream.variant += "-2";
        note(Severity::warning, file.file->path, "same-sensor", 1,
             owner.name + "/" + plain + " comes from more than one file; this one is called " + stream.name());
        owner.streams.push_back(std::move(stream));
    }

    /**
     * Tiers from rows and file names. Two devices that say the same tier: the later adds only what the first lacks, be it
     * before, behind or in a gap of it.
     */
    void addRowTiers()
    {
        struct Covered {
            std::string tier;
            Nanos fromNs, toNs;
        };
        std::vector<Covered> covered;
        for (const ReadFile &file : m_read) {
            const Nanos shift = file.shiftNs - m_context.clock.zeroNs;
            for (const LoadedTier &tier : file.table.tiers) {
                std::vector<Annotation> annotations;
                for (const LoadedTier::Span &span : tier.spans)
                    annotations.push_back({{span.startNs + shift}, {span.endNs + shift}, span.label});
                const bool isPiece = !file.spec->partCapture.empty();
                for (const Covered &known : covered) {
                    if (known.tier == tier.name && !isPiece)
                        annotations = outside(annotations, known.fromNs, known.toNs);
                }
                for (const auto &[fromNs, toNs] : tier.covered)
                    covered.push_back({tier.name, fromNs + shift, toNs + shift});
                addToTier(m_recording, tier.name, tier.kind, std::move(annotations));
            }
        }
        for (const Covered &known : covered)
            joinTouching(m_recording, known.tier);
    }

    /** What two devices say of one bout is one bout: the later one may only have been on a little longer. */
    static void joinTouching(Recording &recording, const std::string &name)
    {
        const auto tier = std::ranges::find(recording.tiers, name, &AnnotationTier::name);
        if (tier == recording.tiers.end())
            return;
        std::vector<Annotation> joined;
        for (Annotation &annotation : tier->annotations) {
            if (!joined.empty() && joined.back().label == annotation.label && joined.back().end == annotation.start)
                joined.back().end = annotation.end;
            else
                joined.push_back(std::move(annotation));
        }
        tier->annotations = std::move(joined);
    }

    static std::vector<Annotation> outside(const std::vector<Annotation> &annotations, Nanos fromNs, Nanos toNs)
    {
        std::vector<Annotation> kept;
        for (const Annotation &annotation : annotations) {
            if (annotation.start.ns < fromNs)
                kept.push_back({annotation.start, {std::min(annotation.end.ns, fromNs)}, annotation.label});
            if (annotation.end.ns > toNs)
                kept.push_back({{std::max(annotation.start.ns, toNs)}, annotation.end, annotation.label});
        }
        return kept;
    }

    /** Files of one recording that last very differently may be of different runs; which is the odd one nobody knows. */
    void compareDurations()
    {
        const auto durationOf = [](const ReadFile &file) { return file.table.latestNs - file.table.earliestNs; };
        const auto longest = std::ranges::max_element(m_read, {}, durationOf);
        for (const ReadFile &file : m_read) {
            const Nanos own = durationOf(file);
            if (!file.spec->partCapture.empty() || own > durationOf(*longest) / 2 || durationOf(*longest) < kNanosPerSecond)
                continue;
            note(Severity::warning, file.file->path, "other-duration", 1,
                 "lasts " + secondsText(own) + " where '" + longest->file->path.filename().string() + "' lasts "
                     + secondsText(durationOf(*longest)) + "; one of them may be of another run");
        }
    }

    /** One row for each thing that was done to numbers, with the streams it was done to. */
    void reportConversions()
    {
        struct Done {
            std::vector<std::string> streams;
            std::size_t samples = 0;
        };
        std::map<std::pair<std::string, std::string>, Done> done; // code and what
        for (const ReadFile &file : m_read) {
            for (const StreamConversion &conversion : file.table.conversions) {
                Done &entry = done[{conversion.code, conversion.what}];
                entry.samples += conversion.samples;
                if (std::ranges::find(entry.streams, conversion.stream) == entry.streams.end())
                    entry.streams.push_back(conversion.stream);
            }
        }
        constexpr std::size_t kStreamsNamed = 4;
        for (const auto &[key, entry] : done) {
            std::string streams;
            for (std::size_t i = 0; i < std::min(entry.streams.size(), kStreamsNamed); ++i)
                streams += (i ? ", " : "") + entry.streams[i];
            if (entry.streams.size() > kStreamsNamed)
                streams += " and " + std::to_string(entry.streams.size() - kStreamsNamed) + " more";
            note(Severity::info, m_read.size() == 1 ? m_read.front().file->path : fs::path(), key.first,
                 static_cast<std::int64_t>(entry.samples), "values were " + key.second + ": " + streams);
        }
    }

    /** Notes of the profile; what many files of the recording say alike is said once. */
    void finish()
    {
        reportConversions();
        for (const std::string &text : m_profile.notes)
            note(Severity::info, {}, "note", 1, text);
        for (const std::string &text : m_profile.assumed)
            note(Severity::warning, m_recording.path, "guess", 1, text);
        ImportReport merged;
        std::map<std::pair<std::string, std::string>, std::size_t> seen;
        for (ReportRow &row : m_recording.report) {
            const auto [entry, isNew] = seen.try_emplace({row.code, row.message}, merged.size());
            if (isNew)
                merged.push_back(std::move(row));
            else
                merged[entry->second].count += row.count;
        }
        m_recording.report = std::move(merged);
    }

    const ImportProfile &m_profile;
    GroupContext m_context;
    Recording m_recording;
    std::vector<ReadFile> m_read;
    std::vector<std::pair<Column<Nanos>, Column<Nanos>>> m_shifted;
};

} // namespace

void addToTier(Recording &recording, const std::string &name, TierKind kind, std::vector<Annotation> annotations)
{
    if (annotations.empty())
        return;
    auto tier = std::ranges::find(recording.tiers, name, &AnnotationTier::name);
    if (tier == recording.tiers.end()) {
        recording.tiers.push_back({name, kind, {}});
        tier = recording.tiers.end() - 1;
    }
    std::ranges::move(annotations, std::back_inserter(tier->annotations));
    std::ranges::stable_sort(tier->annotations, {}, &Annotation::start);
}

Recording readFileByProfile(const fs::path &path, std::shared_ptr<const ImportProfile> profile,
                            const ImportOptions &options)
{
    const auto reader = makeProfileReader({std::move(profile)}, ProfileUse::forced);
    const std::vector<FileGroup> groups = reader->claim({path.parent_path(), {path}, {path}});
    if (groups.empty())
        throw Error(path, "the profile has no kind of file with such a name; mend \"match\" in it");
    Recording recording = reader->read(groups.front(), options);
    recording.name = fs::path(recording.name).filename().string();
    return recording;
}

Recording readByProfile(const ProfilePlan &plan, const ImportOptions &options)
{
    return GroupReader(plan, options).read();
}

} // namespace kino
