#include "core/data/table/reader.h"

#include "core/base/parallel.h"
#include "core/data/table/row_parser.h"

namespace kino {
namespace {

/** Uninitialised memory for one column: a page that no row reaches is never touched. */
template <class T>
std::shared_ptr<T[]> makeBuffer(std::size_t count)
{
    return std::shared_ptr<T[]>(new T[count]);
}

/** Cuts the text at line ends into pieces that one thread reads at a time. */
std::vector<TableChunk> cutChunks(std::string_view text, std::size_t threads)
{
    constexpr std::size_t kSmallest = std::size_t{256} << 10;
    constexpr std::size_t kLargest = std::size_t{4} << 20;
    const std::size_t wanted = std::clamp(text.size() / (std::max<std::size_t>(threads, 1) * 4), kSmallest, kLargest);
    std::vector<TableChunk> chunks;
    for (std::size_t from = 0; from < text.size();) {
        std::size_t to = text.size();
        if (text.size() - from > wanted) {
            const std::size_t newline = text.find('\n', from + wanted);
            to = newline == std::string_view::npos ? text.size() : newline + 1;
        }
        chunks.push_back({});
        chunks.back().text = text.substr(from, to - from);
        from = to;
    }
    return chunks;
}

std::size_t countLineEnds(std::string_view text)
{
    std::size_t count = 0;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        word ^= 0x0A0A0A0A0A0A0A0Au;
        const std::uint64_t others = ((word & 0x7F7F7F7F7F7F7F7Fu) + 0x7F7F7F7F7F7F7F7Fu) | word;
        count += (((~others & 0x8080808080808080u) >> 7) * 0x0101010101010101u) >> 56;
    }
    return count + static_cast<std::size_t>(std::ranges::count(text.substr(i), '\n'));
}

template <class T>
void closeHoles(T *values, std::span<const TableChunk> chunks)
{
    std::size_t to = 0;
    for (const TableChunk &chunk : chunks) {
        if (chunk.firstSlot != to && chunk.rows != 0)
            std::memmove(values + to, values + chunk.firstSlot, chunk.rows * sizeof(T));
        to += chunk.rows;
    }
}

template <class T>
Column<T> toColumn(const std::shared_ptr<T[]> &buffer, std::size_t rows)
{
    return Column<T>(buffer, std::span<const T>(buffer.get(), rows));
}

void mergeWords(Table &table, std::size_t request, std::int32_t *codes, std::span<const TableChunk> chunks)
{
    WordList all;
    std::size_t row = 0;
    for (const TableChunk &chunk : chunks) {
        std::vector<std::int32_t> renumbered;
        for (const std::string &word : chunk.words[request].words())
            renumbered.push_back(all.codeOf(word));
        for (const std::size_t end = row + chunk.rows; row < end; ++row)
            codes[row] = renumbered[static_cast<std::size_t>(codes[row])];
    }
    table.words[request] = all.words();
}

void mergeLeftOut(LeftOut &all, const LeftOut &part, std::int64_t linesBefore)
{
    if (part.count == 0)
        return;
    if (all.count == 0) {
        all.firstLine = linesBefore + part.firstLine;
        all.example = part.example;
    }
    all.count += part.count;
}

/** How many runs' rows lie before table row `row`. */
std::size_t countBefore(const std::vector<SkippedRows> &runs, std::size_t row)
{
    std::size_t count = 0;
    for (const SkippedRows &run : runs) {
        if (run.row > row)
            break;
        count += run.count;
    }
    return count;
}

} // namespace

std::int64_t Table::lineOf(std::size_t row) const
{
    return firstLine + static_cast<std::int64_t>(row + countBefore(skippedLines, row));
}

std::size_t Table::sampleOf(std::size_t row) const { return row + countBefore(lostSamples, row); }

Table readTable(std::string_view text, const TableHeader &header, const TableRequest &request)
{
    const std::string_view body = text.substr(std::min(header.dataOffset, text.size()));
    std::vector<TableChunk> chunks = cutChunks(body, request.threads);

    std::size_t lastColumn = 0;
    for (const CellRequest &cell : request.cells)
        lastColumn = std::max(lastColumn, cell.column);
    // A good row has at least the separators before the last column asked for and its line end.
    const std::size_t shortestRow = lastColumn + 1;
    parallelFor(chunks.size(), request.threads, [&](std::size_t i) {
        request.cancel.throwIfCancelled();
        TableChunk &chunk = chunks[i];
        chunk.lines = countLineEnds(chunk.text);
        chunk.lines += !chunk.text.ends_with('\n');
    });
    std::size_t slots = 0;
    std::size_t lines = 0;
    for (TableChunk &chunk : chunks) {
        chunk.firstSlot = slots;
        chunk.linesBefore = lines;
        chunk.slots = std::min(chunk.lines, chunk.text.size() / shortestRow + 1) + 1;
        slots += chunk.slots;
        lines += chunk.lines;
    }

    std::vector<OutputColumn> outputs(request.cells.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        switch (request.cells[i].kind) {
        case CellKind::number: outputs[i].numbers = makeBuffer<float>(slots); break;
        case CellKind::whole:
        case CellKind::wallTime: outputs[i].wholes = makeBuffer<std::int64_t>(slots); break;
        case CellKind::text: outputs[i].codes = makeBuffer<std::int32_t>(slots); break;
        }
    }

    std::mutex progressMutex;
    std::size_t done = 0;
    parallelFor(chunks.size(), request.threads, [&](std::size_t i) {
        request.cancel.throwIfCancelled();
        parseRows(chunks[i], request, outputs);
        const std::lock_guard lock(progressMutex);
        request.progress(static_cast<double>(++done) / static_cast<double>(chunks.size()));
    });

    Table table;
    table.firstLine = header.dataLine;
    for (const TableChunk &chunk : chunks) {
        const auto linesBefore = header.dataLine + static_cast<std::int64_t>(chunk.linesBefore);
        mergeLeftOut(table.badRows, chunk.bad, linesBefore);
        mergeLeftOut(table.missingTime, chunk.missingTime, linesBefore);
        table.zonelessTimes += chunk.zoneless;
        for (const SkippedRows &run : chunk.skipped)
            addSkipped(table.skippedLines, table.rows + run.row, run.count);
        for (const SkippedRows &run : chunk.lost)
            addSkipped(table.lostSamples, table.rows + run.row, run.count);
        table.rows += chunk.rows;
    }
    table.missing.assign(outputs.size(), 0);
    for (const TableChunk &chunk : chunks) {
        for (std::size_t i = 0; i < outputs.size(); ++i)
            table.missing[i] += chunk.missing[i];
    }
    table.numbers.resize(outputs.size());
    table.wholes.resize(outputs.size());
    table.codes.resize(outputs.size());
    table.words.resize(outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (outputs[i].numbers) {
            closeHoles(outputs[i].numbers.get(), chunks);
            table.numbers[i] = toColumn(outputs[i].numbers, table.rows);
        } else if (outputs[i].wholes) {
            closeHoles(outputs[i].wholes.get(), chunks);
            table.wholes[i] = toColumn(outputs[i].wholes, table.rows);
        } else if (outputs[i].codes) {
            closeHoles(outputs[i].codes.get(), chunks);
            mergeWords(table, i, outputs[i].codes.get(), chunks);
            table.codes[i] = toColumn(outputs[i].codes, table.rows);
        }
    }
    return table;
}

} // namespace kino
