#include "core/data/profile/table.h"

#include "core/base/error.h"
#include "core/data/profile/row_selection.h"
#include "core/data/profile/sidecars.h"
#include "core/data/profile/table_plan.h"
#include "core/data/table/reader.h"
#include "core/data/table/row_times.h"
#include "core/signal/timing.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

/** Loads the table, and makes streams and tiers of it. */
class TableLoader {
public:
    TableLoader(const fs::path &path, const FileSpec &spec, const Captures &captures, const LoadOptions &options)
        : m_path(path), m_spec(spec), m_captures(captures), m_options(options)
    {
    }

    LoadedTable load()
    {
        const TextFile file = TextFile::open(m_path);
        if (file.text().find_first_not_of(" \t\r\n") == std::string_view::npos)
            throw Error(m_path, "the file is empty");
        m_header = readTableHeader(m_path, file.text(), m_spec.table.layout);
        m_plan = planTable(m_path, m_spec, m_header, file.text());
        m_plan.request.threads = m_options.threads;
        m_plan.request.cancel = m_options.cancel;
        m_plan.request.progress = m_options.progress;
        m_table = readTable(file.text(), m_header, m_plan.request);
        file.checkWhole();
        if (file.encoding() != "UTF-8")
            note(Severity::info, 0, "encoding", 1, "the file is " + file.encoding() + "; it was read as such");
        reportRows();
        if (m_table.rows == 0)
            throwNoRows();
        makeTimes();
        makeStreams();
        makeTiers();
        m_loaded.rows = m_table.rows;
        m_loaded.samples = m_table.sampleOf(m_table.rows);
        return std::move(m_loaded);
    }

private:
    void note(Severity severity, std::int64_t line, std::string code, std::size_t count, std::string message)
    {
        m_loaded.report.push_back(
            {severity, m_path, line, std::move(code), static_cast<std::int64_t>(count), std::move(message)});
    }

    void reportRows()
    {
        if (m_table.badRows.count > 0)
            note(Severity::warning, m_table.badRows.firstLine, "bad-row", m_table.badRows.count,
                 counted(m_table.badRows.count, "row") + " could not be read and " + (m_table.badRows.count == 1 ? "was" : "were")
                     + " left out; the first: " + m_table.badRows.example);
        if (m_table.missingTime.count > 0)
            note(Severity::warning, m_table.missingTime.firstLine, "missing-time", m_table.missingTime.count,
                 counted(m_table.missingTime.count, "row") + " without a time " + (m_table.missingTime.count == 1 ? "was" : "were")
                     + " left out");
    }

    [[noreturn]] void throwNoRows() const
    {
        if (m_table.badRows.count > 0)
            throw Error(m_path, m_table.badRows.firstLine,
                        "not one of " + counted(m_table.badRows.count, "row") + " could be read: "
                            + m_table.badRows.example + ". Check separator, decimal sign and columns of the profile");
        if (m_table.missingTime.count > 0)
            throw Error(m_path, m_table.missingTime.firstLine, "no row has a time");
        throw Error(m_path, "there are no rows below the header");
    }

    void makeTimes()
    {
        RowTimeInput input;
        input.table = &m_table;
        input.cell = m_plan.timeCell;
        input.samplesBefore = m_options.samplesBefore;
        TimeSpec time = m_spec.time;
        if (m_options.withoutWallClock && time.epoch == TimeEpoch::anchored)
            time.epoch = TimeEpoch::relative;
        RowTimes times = computeRowTimes(input, time, m_captures);
        m_times = std::move(times.timesNs);
        m_loaded.toUnixNs = times.toUnixNs;
        for (ReportRow &row : times.report) {
            row.file = m_path;
            m_loaded.report.push_back(std::move(row));
        }
        m_loaded.firstRowNs = m_times.front();
        const auto [earliest, latest] = std::ranges::minmax(m_times.values());
        m_loaded.earliestNs = earliest;
        m_loaded.latestNs = latest;
        if (m_options.keepRowTimes)
            m_loaded.rowTimesNs.assign(m_times.begin(), m_times.end());
    }

    std::map<std::string, std::string> splitNames() const
    {
        std::map<std::string, std::string> names = m_spec.split->names;
        if (!m_spec.split->headerLine)
            return names;
        for (const std::string &line : m_header.lines) {
            std::string_view text = line;
            while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t'))
                text.remove_suffix(1);
            if (text.find('/') != std::string_view::npos)
                continue;
            if (const auto match = m_spec.split->headerLine->match(fs::path(std::string(text))))
                names.emplace(match->captures.at("id"), match->captures.at("name"));
        }
        return names;
    }

    /** The device of every code in the split column; one unnamed device without such a column. */
    std::vector<std::string> devices()
    {
        if (!m_plan.splitCell)
            return {std::string()};
        const auto names = splitNames();
        std::vector<std::string> all;
        std::size_t unnamed = 0;
        for (const std::string &value : m_table.words[*m_plan.splitCell]) {
            const auto name = names.find(value);
            unnamed += name == names.end();
            all.push_back(name == names.end() ? value : name->second);
        }
        if (unnamed > 0 && !names.empty())
            note(Severity::warning, 0, "unknown-device", unnamed,
                 "the header does not name " + counted(unnamed, "device") + " that rows come from; their numbers stand instead");
        return all;
    }

    void makeStreams()
    {
        const std::vector<std::string> deviceOfCode = devices();
        for (std::size_t code = 0; code < deviceOfCode.size(); ++code) {
            for (const StreamCells &cells : m_plan.streams) {
                const std::string device = deviceName(cells, deviceOfCode[code]);
                const StreamSpec &spec = *cells.spec;
                if (!spec.devices.empty() && std::ranges::find(spec.devices, device) == spec.devices.end())
                    continue;
                addStream(cells, device, selectionFor(cells, code, device));
            }
        }
        if (m_loaded.streams.empty())
            throw Error(m_path, "none of its rows belongs to a sensor that the profile knows");
        for (const auto &selection : m_selections)
            reportTiming(*selection);
    }

    std::string deviceName(const StreamCells &cells, const std::string &fromColumn) const
    {
        if (!cells.spec->device.empty())
            return fillIn(cells.spec->device, m_captures);
        if (!fromColumn.empty())
            return fromColumn;
        const std::string name = fillIn(m_spec.device, m_captures);
        return name.empty() ? "IMU" : name;
    }

    /** The rows of one sensor; shared by its streams. */
    struct Selection {
        std::string key;
        std::string device;
        std::vector<std::string> streams;
        RowSelection rows;
    };

    std::shared_ptr<Selection> selectionFor(const StreamCells &cells, std::size_t code, const std::string &device)
    {
        std::string key = m_plan.splitCell ? std::to_string(code) : std::string();
        std::vector<std::pair<std::size_t, std::vector<bool>>> passes; // cell, by code
        for (const FilterCell &filter : cells.filters) {
            std::vector<bool> pass;
            for (const std::string &word : m_table.words[filter.cell])
                pass.push_back(passesFilter(word, *filter.filter, m_captures));
            key.append("/").append(std::to_string(filter.cell)).append(":");
            for (const bool passed : pass)
                key += passed ? '1' : '0';
            passes.emplace_back(filter.cell, std::move(pass));
        }
        for (const auto &known : m_selections) {
            if (known->key == key)
                return known;
        }
        auto selection = std::make_shared<Selection>();
        selection->key = key;
        selection->device = device;
        std::function<bool(std::size_t)> isMeant;
        if (m_plan.splitCell || !passes.empty()) {
            isMeant = [&](std::size_t row) {
                if (m_plan.splitCell && m_table.codes[*m_plan.splitCell][row] != static_cast<std::int32_t>(code))
                    return false;
                return std::ranges::all_of(passes, [&](const auto &pass) {
                    return pass.second[static_cast<std::size_t>(m_table.codes[pass.first][row])];
                });
            };
        }
        selection->rows = selectRows(m_table, m_times, isMeant);
        m_selections.push_back(selection);
        return selection;
    }

    void addStream(const StreamCells &cells, const std::string &device, std::shared_ptr<Selection> selection)
    {
        if (selection->rows.timesNs.empty())
            return;
        const StreamSpec &spec = *cells.spec;
        LoadedStream loaded;
        loaded.device = device;
        ImuStream &stream = loaded.stream;
        stream.kind = spec.kind;
        stream.variant = spec.variant;
        stream.unitFound = spec.unit;
        stream.unit = spec.conversion.unit;
        stream.fullScale = spec.fullScale * spec.conversion.scale;
        stream.timesNs = selection->rows.timesNs;
        stream.backwardTimes = selection->rows.backward;
        bool mayMiss = false;
        bool isSum = false;
        for (const AxisCells &axis : cells.axes) {
            stream.axes.push_back(axis.spec->axis);
            isSum = isSum || axis.cells.size() > 1;
            for (const std::size_t cell : axis.cells)
                mayMiss = mayMiss || m_table.missing[cell] > 0;
            stream.values.push_back(valuesOf(axis, selection->rows));
        }
        // Of this stream's rows: other devices' fields stand in the same column.
        const std::size_t missing = mayMiss ? missingValues(stream) : 0;
        if (missing > 0 && missing == stream.samples() * stream.values.size()) {
            note(Severity::warning, 0, "missing-stream", stream.samples(),
                 device + "/" + stream.name() + " has no values in this file and was left out");
            return;
        }
        if (missing > 0)
            note(Severity::warning, 0, "missing-value", missing,
                 device + "/" + stream.name() + ": " + counted(missing, "value") + (missing == 1 ? " is missing and stays empty" : " are missing and stay empty"));
        noteConversions(spec, device, stream, isSum);
        selection->streams.push_back(stream.name());
        m_loaded.streams.push_back(std::move(loaded));
    }

    static std::size_t missingValues(const ImuStream &stream)
    {
        std::size_t missing = 0;
        for (const Column<float> &column : stream.values)
            missing += static_cast<std::size_t>(
                std::ranges::count_if(column.values(), [](float value) { return std::isnan(value); }));
        return missing;
    }

    Column<float> valuesOf(const AxisCells &axis, const RowSelection &selection) const
    {
        const Column<float> &first = m_table.numbers[axis.cells.front()];
        if (selection.isAll && axis.cells.size() == 1)
            return first;
        std::vector<float> values(selection.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::size_t row = selection.rowAt(i);
            double sum = first[row];
            for (std::size_t k = 1; k < axis.cells.size(); ++k)
                sum += m_table.numbers[axis.cells[k]][row];
            values[i] = static_cast<float>(sum);
        }
        return Column<float>(std::move(values));
    }

    void noteConversions(const StreamSpec &spec, const std::string &device, const ImuStream &stream, bool isSum)
    {
        const auto add = [&](std::string code, std::string what) {
            m_loaded.conversions.push_back(
                {std::move(code), std::move(what), device + "/" + stream.name(), stream.samples()});
        };
        if (spec.conversion.scale != 1 || spec.conversion.offset != 0)
            add("unit", "converted from " + spec.unit + " to " + spec.conversion.unit);
        if (isSum) {
            std::string axes;
            for (const AxisSpec &axis : spec.axes) {
                axes += axes.empty() ? "" : "; ";
                for (std::size_t i = 0; i < axis.columns.size(); ++i)
                    axes += (i ? " + " : axis.axis + " = ") + axis.columns[i].text();
            }
            add("derived", "added up from columns (" + axes + ")");
        }
        const bool isScaled = std::ranges::any_of(spec.axes, [](const AxisSpec &axis) {
            return axis.scale != 1 || axis.offset != 0;
        });
        if (isScaled)
            add("scale", "turned into " + (spec.unit.empty() ? "values" : spec.unit) + " by the profile's scale factors");
    }

    void reportTiming(const Selection &selection)
    {
        if (selection.streams.empty())
            return;
        std::string sensors;
        for (const std::string &stream : selection.streams)
            sensors += (sensors.empty() ? "" : ", ") + stream;
        const std::string who = selection.device + " (" + sensors + "): ";
        const RowSelection &rows = selection.rows;
        if (rows.backward > 0)
            note(Severity::warning, rows.backwardLine, "backward-time", rows.backward,
                 who + counted(rows.backward, "row") + " came with a time before the row above; rows were sorted by time");
        if (rows.duplicates > 0)
            note(Severity::warning, rows.duplicateLine, "duplicate-time", rows.duplicates,
                 who + counted(rows.duplicates, "row") + (rows.duplicates == 1 ? " repeats" : " repeat")
                     + " the time of the row before");
        if (const auto gaps = describeGaps(rows.timesNs))
            note(Severity::warning, 0, "gap", gaps->count, who + gaps->text);
    }

    void makeTiers()
    {
        if (m_spec.labels.empty())
            return;
        const Nanos periodNs = usualPeriod();
        for (const LabelSpec &label : m_spec.labels) {
            LoadedTier tier{label.tier, label.kind, {}, {}};
            if (!label.column)
                addFileLabel(tier, label, m_captures, m_loaded.earliestNs, m_loaded.latestNs, periodNs);
            m_loaded.tiers.push_back(std::move(tier));
        }
        if (m_plan.labelCells.empty())
            return;
        const RowSelection rows = selectRows(m_table, m_times);
        for (const auto &[label, cell] : m_plan.labelCells) {
            LoadedTier &tier = m_loaded.tiers[static_cast<std::size_t>(label - m_spec.labels.data())];
            addRowLabels(tier, *label, m_table, cell, rows, periodNs);
        }
    }

    /** Step between the samples of the first stream: how long the last row lasts. At least 1. */
    Nanos usualPeriod() const
    {
        const Nanos median = summariseTiming(m_loaded.streams.front().stream.timesNs).medianPeriodNs;
        if (median > 0)
            return median;
        const double rateHz = m_spec.time.unit.form == TimeUnit::Form::samples ? m_spec.time.unit.rateHz : 0;
        return rateHz > 0 ? std::max<Nanos>(std::llround(1e9 / rateHz), 1) : 1;
    }

    const fs::path &m_path;
    const FileSpec &m_spec;
    const Captures &m_captures;
    const LoadOptions &m_options;

    TableHeader m_header;
    TablePlan m_plan;

    Table m_table;
    Column<Nanos> m_times;
    std::vector<std::shared_ptr<Selection>> m_selections;
    LoadedTable m_loaded;
};

} // namespace

LoadedTable loadTable(const fs::path &path, const FileSpec &spec, const Captures &captures, const LoadOptions &options)
{
    return TableLoader(path, spec, captures, options).load();
}

} // namespace kino
