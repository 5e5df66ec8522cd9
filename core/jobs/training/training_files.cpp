#include "core/jobs/training/training_files.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/table/csv_text.h"

#include <charconv>
#include <cmath>

namespace kino {
namespace {

constexpr const char *kHeader = "step,epoch,key,value\n";

/** The shortest text that reads back to the same number, whatever the locale. */
std::string numberText(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    char text[32];
    const auto [end, code] = std::to_chars(text, text + sizeof text, value);
    return {text, code == std::errc() ? end : text};
}

} // namespace

MetricsFile::MetricsFile(std::filesystem::path path) : m_path(std::move(path))
{
    std::error_code ignored;
    const bool isNew = !std::filesystem::exists(m_path, ignored);
    open();
    if (isNew)
        m_stream << kHeader;
}

void MetricsFile::open()
{
    m_stream = std::ofstream(m_path, std::ios::app | std::ios::binary);
    if (!m_stream)
        throw Error(m_path, "cannot be written; choose a folder in which you may write");
}

void MetricsFile::add(std::int64_t step, std::int64_t epoch, std::string_view key, double value)
{
    m_stream << step << ',' << epoch << ',' << csvField(key) << ',' << numberText(value) << '\n';
}

nlohmann::json MetricsFile::mark()
{
    m_stream.flush();
    if (!m_stream)
        throw Error(m_path, "cannot be written on; is the disk full?");
    return static_cast<std::uint64_t>(std::filesystem::file_size(m_path));
}

void MetricsFile::rewind(const nlohmann::json &mark)
{
    m_stream.close();
    const auto length = mark.get<std::uint64_t>();
    // Shorter than it was: what is lost of it cannot be made again, what follows can.
    if (std::filesystem::file_size(m_path) > length)
        std::filesystem::resize_file(m_path, length);
    open();
    if (length == 0)
        m_stream << kHeader;
}

void writePredictions(const std::filesystem::path &path, const WindowTable &table, std::span<const Prediction> predictions)
{
    std::string text = "recording,start_ns,label,predicted,confidence,device\n";
    for (const Prediction &each : predictions) {
        const WindowRow &row = table.rows[each.row];
        text += csvField(table.recordingOf(row).name) + ',' + std::to_string(row.start.ns) + ',' + csvField(table.labelOf(row)) + ','
            + csvField(table.classes[static_cast<std::size_t>(each.predicted)]) + ',' + numberText(each.confidence) + ',' + csvField(table.deviceOf(row)) + '\n';
    }
    writeFileAtomically(path, text);
}

void writeConfusion(const std::filesystem::path &path, const std::vector<std::string> &classes, const Classification &classification)
{
    std::string text = "label";
    for (const std::string &name : classes)
        text += ',' + csvField(name);
    text += '\n';
    for (std::size_t row = 0; row < classes.size(); ++row) {
        text += csvField(classes[row]);
        for (const std::size_t count : classification.confusion.at(row))
            text += ',' + std::to_string(count);
        text += '\n';
    }
    writeFileAtomically(path, text);
}

} // namespace kino
