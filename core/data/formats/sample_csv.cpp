#include "core/data/formats/sample_csv.h"

#include "core/base/files.h"
#include "core/data/table/csv_text.h"

namespace kino {

void writeSampleCsv(const std::filesystem::path &path, const SampleTable &table, const CancelToken &cancel, const Progress &progress)
{
    constexpr std::size_t kRowsPerWrite = 4096;
    writeFileAtomically(path, [&](std::ostream &out) {
        std::string text = "time_s,time_ns";
        for (const SampleColumn &column : table.columns)
            text += "," + csvField(column.title);
        text += "\n";
        for (std::size_t row = 0; row < table.rows; ++row) {
            const Nanos timeNs = table.timeNs(row);
            appendSeconds(text, timeNs);
            text += "," + std::to_string(timeNs);
            for (const SampleColumn &column : table.columns) {
                text += ',';
                appendNumber(text, column.values[row]);
            }
            text += '\n';
            if (row % kRowsPerWrite == 0) {
                cancel.throwIfCancelled();
                progress(static_cast<double>(row) / static_cast<double>(table.rows));
                out << text;
                text.clear();
            }
            // A full disk is no reason to compute a day of rows to the end.
            if (!out)
                return;
        }
        out << text;
    });
    progress(1);
}

} // namespace kino
