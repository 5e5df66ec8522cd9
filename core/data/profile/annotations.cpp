#include "core/base/error.h"
#include "core/data/profile/assembly.h"
#include "core/data/profile/sidecars.h"
#include "core/data/table/row_times.h"
#include "core/signal/timing.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

struct Row {
    RecordingTime start;
    RecordingTime end;
    std::string label;
    std::string tier;
};

/** Reads one sidecar file of annotations. */
class AnnotationLoader {
public:
    AnnotationLoader(const GroupContext &context, const AnnotationSpec &spec, fs::path path)
        : m_context(context), m_spec(spec), m_path(std::move(path))
    {
        if (!spec.zero.empty())
            m_zeroNs = parseTime(fillIn(spec.zero, context.captures), spec.zeroUnit);
    }

    void load(Recording &recording)
    {
        try {
            read();
        } catch (const Error &error) {
            recording.report.push_back({Severity::error, m_path, error.line(), "sidecar", 1,
                                        "the annotations there could not be read: " + error.sentence()});
        }
        if (m_badRows.count > 0)
            recording.report.push_back({Severity::warning, m_path, m_badRows.firstLine, "bad-row",
                                        static_cast<std::int64_t>(m_badRows.count),
                                        counted(m_badRows.count, "annotation")
                                            + " could not be read; the first: " + m_badRows.example});
        if (m_rows.empty())
            return;
        std::ranges::stable_sort(m_rows, {}, &Row::start);
        if (m_spec.untilNext)
            endAtNext(recording);
        for (Row &row : m_rows)
            addToTier(recording, row.tier, m_spec.kind, {{row.start, row.end, std::move(row.label)}});
    }

private:
    void read()
    {
        if (!m_spec.zero.empty() && !m_zeroNs)
            throw Error(m_path, "the instant its times count from is not known, so they cannot be placed");
        if (m_spec.clock == AnnotationSpec::Clock::unixTime && !m_context.clock.isUnix)
            throw Error(m_path, "its times are wall clock times, and the recording's wall clock is not known");
        const auto take = [&](std::int64_t line, const RowField &field) { addRow(line, field); };
        if (m_spec.isJson)
            forEachJsonItem(m_path, m_spec.items, m_spec.rows, m_context.captures, take);
        else
            forEachSidecarRow(m_path, m_spec.table, m_spec.rows, m_context.captures, take);
    }

    void addRow(std::int64_t line, const RowField &field)
    {
        m_context.options.cancel.throwIfCancelled();
        std::string label = m_spec.text.empty() ? field(*m_spec.label).value_or(std::string())
                                                : fillIn(m_spec.text, m_context.shown);
        while (!label.empty() && label.back() == ' ')
            label.pop_back();
        if (m_spec.ignore.end() != std::ranges::find(m_spec.ignore, label))
            return;
        if (const auto name = m_spec.names.find(label); name != m_spec.names.end())
            label = name->second;
        const auto start = timeOf(field(m_spec.start));
        if (!start)
            return bad(line, "start", field(m_spec.start));
        RecordingTime end = *start;
        if (m_spec.end) {
            const auto found = timeOf(field(*m_spec.end), m_spec.endInclusive ? 1 : 0);
            if (!found)
                return bad(line, "end", field(*m_spec.end));
            end = *found;
        } else if (m_spec.duration) {
            const auto text = field(*m_spec.duration);
            const auto found = text ? parseTime(*text, m_spec.unit, 0, m_spec.table.layout.decimal) : std::nullopt;
            if (!found)
                return bad(line, "duration", text);
            end = *start + *found;
        }
        if (end < *start)
            return bad(line, "end (it is before the start)", m_spec.end ? field(*m_spec.end) : std::nullopt);
        std::string tier = m_spec.tierColumn ? field(*m_spec.tierColumn).value_or(std::string()) : m_spec.tier;
        m_rows.push_back({*start, end, std::move(label), tier.empty() ? m_spec.tier : std::move(tier)});
    }

    std::optional<RecordingTime> timeOf(const std::optional<std::string> &text, int laterSamples = 0) const
    {
        if (!text)
            return std::nullopt;
        const auto time = parseTime(*text, m_spec.unit, m_spec.utcOffsetNs, m_spec.table.layout.decimal);
        if (!time)
            return std::nullopt;
        Nanos ns = *time;
        if (m_spec.unit.form == TimeUnit::Form::samples)
            ns += std::llround((laterSamples - m_spec.firstSample) * 1e9 / m_spec.unit.rateHz)
                  + (m_spec.zero.empty() ? m_context.clock.leadingFirstRowNs : 0);
        ns += m_zeroNs.value_or(0);
        switch (m_spec.clock) {
        case AnnotationSpec::Clock::own: return m_context.clock.fromOwn(ns);
        case AnnotationSpec::Clock::recording: return RecordingTime{ns};
        case AnnotationSpec::Clock::unixTime: return m_context.clock.fromCommon(ns);
        }
        return std::nullopt;
    }

    void bad(std::int64_t line, const std::string &what, const std::optional<std::string> &text)
    {
        if (m_badRows.count++ > 0)
            return;
        m_badRows.firstLine = line;
        m_badRows.example = "its " + what + " is ";
        m_badRows.example += text ? std::string("'").append(text->substr(0, 40)).append("'") : std::string("missing");
    }

    void endAtNext(const Recording &recording)
    {
        for (std::size_t i = 0; i + 1 < m_rows.size(); ++i)
            m_rows[i].end = m_rows[i + 1].start;
        // Half-open: the last sample is still inside.
        Nanos periodNs = 1;
        for (const Device &device : recording.devices) {
            for (const ImuStream &stream : device.streams)
                periodNs = std::max(periodNs, summariseTiming(stream.timesNs).medianPeriodNs);
        }
        m_rows.back().end = std::max(m_rows.back().start, recording.end() + periodNs);
    }

    struct BadRows {
        std::size_t count = 0;
        std::int64_t firstLine = 0;
        std::string example;
    };

    const GroupContext &m_context;
    const AnnotationSpec &m_spec;
    fs::path m_path;
    std::optional<Nanos> m_zeroNs;
    std::vector<Row> m_rows;
    BadRows m_badRows;
};

} // namespace

void addAnnotations(const GroupContext &context, Recording &recording)
{
    for (const AnnotationSpec &spec : context.plan.profile->annotations) {
        const auto path = findSidecar(context.plan.base, spec.files, context.captures);
        if (!path)
            continue;
        AnnotationLoader(context, spec, *path).load(recording);
        if (std::ranges::find(recording.files, *path) == recording.files.end())
            recording.files.push_back(*path);
    }
}

} // namespace kino
