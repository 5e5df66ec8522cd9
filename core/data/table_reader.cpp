#include "core/data/table_reader.h"

#include "core/base/parallel.h"
#include "core/data/number_text.h"
#include "core/data/wall_time.h"

#include <numeric>

namespace kino {
namespace {

enum class RowState { good, blank, bad, missingTime };

/** Uninitialised memory for one column: a page that no row reaches is never touched. */
template <class T>
std::shared_ptr<T[]> makeBuffer(std::size_t count)
{
    return std::shared_ptr<T[]>(new T[count]);
}

struct OutputColumn {
    std::shared_ptr<float[]> numbers;
    std::shared_ptr<std::int64_t[]> wholes;
    std::shared_ptr<std::int32_t[]> codes;
};

/** Codes for the distinct texts of one column, by order of appearance. */
class WordList {
public:
    std::int32_t codeOf(std::string_view word)
    {
        // Labels come in long runs.
        if (m_last >= 0 && m_words[static_cast<std::size_t>(m_last)] == word)
            return m_last;
        const auto [entry, isNew] = m_codes.try_emplace(std::string(word), static_cast<std::int32_t>(m_words.size()));
        if (isNew)
            m_words.emplace_back(word);
        m_last = entry->second;
        return m_last;
    }
    const std::vector<std::string> &words() const { return m_words; }

private:
    std::unordered_map<std::string, std::int32_t> m_codes;
    std::vector<std::string> m_words;
    std::int32_t m_last = -1;
};

struct Chunk {
    std::string_view text;
    std::size_t lines = 0;
    std::size_t firstSlot = 0;
    std::size_t rows = 0;
    std::size_t linesBefore = 0;
    std::size_t zoneless = 0;
    LeftOut bad;
    LeftOut missingTime;
    std::vector<SkippedRows> skipped; // rows counted from the chunk's first
    std::vector<SkippedRows> lost;
    std::vector<WordList> words; // one a request
    std::vector<std::size_t> missing; // one a request
};

void addSkipped(std::vector<SkippedRows> &runs, std::size_t row, std::size_t count = 1)
{
    if (!runs.empty() && runs.back().row == row)
        runs.back().count += count;
    else
        runs.push_back({row, count});
}

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool equalsIgnoringCase(std::string_view a, std::string_view lower)
{
    return a.size() == lower.size()
           && std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
                  return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y;
              });
}

/** Reads rows of one layout and set of requests; const, so all threads share one. */
class RowParser {
public:
    RowParser(const TableRequest &request, std::vector<OutputColumn> &outputs) : m_request(request), m_outputs(outputs)
    {
        const TableLayout &layout = request.layout;
        m_isPlain = layout.separator != ' ' && layout.rowEnd == '\0' && request.missing.empty();
        m_order.resize(request.cells.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t{0});
        std::ranges::stable_sort(m_order, {}, [&](std::size_t i) { return request.cells[i].column; });
        std::size_t column = 0;
        for (const std::size_t index : m_order) {
            const CellRequest &cell = request.cells[index];
            const OutputColumn &output = outputs[index];
            m_isPlain = m_isPlain && cell.kind != CellKind::wallTime;
            m_steps.push_back({cell.column - column, index, cell.kind, cell.exponent, cell.scale, cell.offset,
                               output.numbers.get(), output.wholes.get(), output.codes.get()});
            column = cell.column;
        }
        m_fieldsAfter = request.width > column + 1 ? request.width - column - 1 : 0;
    }

    void parse(Chunk &chunk) const
    {
        chunk.words.resize(m_request.cells.size());
        chunk.missing.assign(m_request.cells.size(), 0);
        const char *p = chunk.text.data();
        const char *const end = p + chunk.text.size();
        std::size_t line = 0;
        // The plain loop stops at line ends only, so it gets whole lines.
        const std::size_t lastLineEnd = chunk.text.rfind('\n');
        const char *const plainEnd
            = m_isPlain && lastLineEnd != std::string_view::npos ? p + lastLineEnd + 1 : p;
        for (; p < end; ++line) {
            if (p < plainEnd) {
                if (const char *next = parsePlainRow(p, plainEnd, chunk.firstSlot + chunk.rows, chunk)) {
                    ++chunk.rows;
                    p = next;
                    continue;
                }
            }
            const auto *newline = static_cast<const char *>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
            const char *const lineEnd = newline ? newline : end;
            std::string problem;
            const RowState state = parseRow(p, lineEnd, chunk.firstSlot + chunk.rows, chunk, problem);
            p = lineEnd + 1;
            if (state == RowState::good) {
                ++chunk.rows;
                continue;
            }
            addSkipped(chunk.skipped, chunk.rows);
            if (state == RowState::blank)
                continue;
            addSkipped(chunk.lost, chunk.rows);
            LeftOut &leftOut = state == RowState::bad ? chunk.bad : chunk.missingTime;
            if (leftOut.count++ == 0) {
                leftOut.firstLine = static_cast<std::int64_t>(line); // within the chunk, until merged
                leftOut.example = std::move(problem);
            }
        }
    }

private:
    /** One cell of the plain loop, with all it needs at hand. */
    struct Step {
        std::size_t skip; // fields between the step before and this one
        std::size_t index;
        CellKind kind;
        int exponent;
        double scale;
        double offset;
        float *numbers;
        std::int64_t *wholes;
        std::int32_t *codes;
    };

    /**
     * A row as nearly all rows are: bare numbers and words, nothing missing. Gives where the next row begins, or nullptr
     * for anything unusual, which parseRow() then looks at. `end` follows a line end, which stops every scan.
     */
    const char *parsePlainRow(const char *p, const char *end, std::size_t slot, Chunk &chunk) const
    {
        const char separator = m_request.layout.separator;
        const char decimal = m_request.layout.decimal;
        const char quote = m_request.layout.quote;
        if (!m_request.layout.comment.empty() && *p == m_request.layout.comment.front())
            return nullptr;
        if (*p == '\n')
            return nullptr;
        for (const Step &step : m_steps) {
            for (std::size_t skip = step.skip; skip > 0; --skip) {
                // After a step `p` stands on a separator; the field passed over may itself be quoted.
                if (*p == quote || (isBlank(*p) && *p != separator))
                    return nullptr;
                while (*p != separator && *p != '\n')
                    ++p;
                if (*p == '\n')
                    return nullptr;
                ++p;
            }
            if (step.kind == CellKind::text) {
                const char *const word = p;
                while (*p != separator && *p != '\n')
                    ++p;
                if (p == word || *word == quote || isBlank(*word) || isBlank(p[-1]))
                    return nullptr;
                step.codes[slot] = chunk.words[step.index].codeOf({word, static_cast<std::size_t>(p - word)});
                continue;
            }
            const DecimalText number = scanDecimal(p, end, decimal);
            if (!number.end || (*number.end != separator && *number.end != '\n' && *number.end != '\r'))
                return nullptr;
            if (step.kind == CellKind::number) {
                step.numbers[slot] = static_cast<float>(toDouble(number) * step.scale + step.offset);
            } else {
                bool fits = true;
                step.wholes[slot] = toWhole(number, step.exponent, fits);
                if (!fits)
                    return nullptr;
            }
            p = number.end;
        }
        if (*p == '\n')
            return p + 1;
        std::size_t more = m_fieldsAfter;
        for (const char *q = p; m_request.width > 0 && *q != '\n'; ++q) {
            if (*q == quote || (*q == separator && more-- == 0))
                return nullptr;
        }
        const auto *newline = static_cast<const char *>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
        // What follows a carriage return inside a line is for the careful look.
        if (!newline || (*p == '\r' && newline != p + 1))
            return nullptr;
        return newline + 1;
    }

    bool isSeparator(char c) const
    {
        return m_request.layout.separator == ' ' ? (c == ' ' || c == '\t') : c == m_request.layout.separator;
    }

    const char *skipBlanks(const char *p, const char *end) const
    {
        const char separator = m_request.layout.separator;
        while (p != end && isBlank(*p) && (separator == ' ' || *p != separator))
            ++p;
        return p;
    }

    /** The first character of the next field; nullptr when the line has none. */
    const char *nextField(const char *p, const char *end) const
    {
        const char quote = m_request.layout.quote;
        p = skipBlanks(p, end);
        if (quote != '\0' && p != end && *p == quote) {
            p = closingQuote(p + 1, end);
            p = p == end ? p : p + 1;
        }
        if (m_request.layout.separator == ' ') {
            while (p != end && !isSeparator(*p))
                ++p;
            while (p != end && isBlank(*p))
                ++p;
            return p == end ? nullptr : p;
        }
        p = static_cast<const char *>(
            std::memchr(p, m_request.layout.separator, static_cast<std::size_t>(end - p)));
        return p ? p + 1 : nullptr;
    }

    const char *closingQuote(const char *p, const char *end) const
    {
        const char quote = m_request.layout.quote;
        for (; p != end; ++p) {
            if (*p != quote)
                continue;
            if (p + 1 != end && p[1] == quote)
                ++p;
            else
                break;
        }
        return p;
    }

    /** The field that begins at `p`, trimmed and without quotes. */
    std::string_view fieldAt(const char *p, const char *end) const
    {
        p = skipBlanks(p, end);
        const char quote = m_request.layout.quote;
        if (quote != '\0' && p != end && *p == quote) {
            const char *const closing = closingQuote(p + 1, end);
            return {p + 1, static_cast<std::size_t>(closing - p - 1)};
        }
        const char *q = p;
        if (m_request.layout.separator == ' ') {
            while (q != end && !isBlank(*q))
                ++q;
        } else {
            const auto *found = static_cast<const char *>(
                std::memchr(p, m_request.layout.separator, static_cast<std::size_t>(end - p)));
            q = found ? found : end;
        }
        while (q != p && isBlank(q[-1]))
            --q;
        return {p, static_cast<std::size_t>(q - p)};
    }

    bool isMissing(std::string_view field) const
    {
        for (const std::string_view word : {"", "nan", "null", "na", "n/a", "none", "inf", "-inf", "+inf", "-nan"}) {
            if (equalsIgnoringCase(field, word))
                return true;
        }
        return std::ranges::find(m_request.missing, field) != m_request.missing.end();
    }

    static std::string describe(std::size_t column, std::string_view field, std::string_view expected)
    {
        std::string shown;
        for (const char c : field.substr(0, 40))
            shown += static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126 ? '?' : c;
        return "column " + std::to_string(column + 1) + " is not " + std::string(expected) + ": '" + shown
               + (field.size() > 40 ? "…'" : "'");
    }

    RowState parseRow(const char *p, const char *end, std::size_t slot, Chunk &chunk, std::string &problem) const
    {
        const TableLayout &layout = m_request.layout;
        if (!layout.comment.empty() && static_cast<std::size_t>(end - p) >= layout.comment.size()
            && std::memcmp(p, layout.comment.data(), layout.comment.size()) == 0)
            return RowState::blank;
        while (end != p && isBlank(end[-1]) && end[-1] != layout.separator)
            --end;
        if (layout.rowEnd != '\0' && end != p && end[-1] == layout.rowEnd)
            --end;
        const char *const start = skipBlanks(p, end);
        if (start == end && layout.separator != '\t')
            return RowState::blank;
        if (layout.separator == ' ' || start == end)
            p = start;
        if (p == end)
            return RowState::blank;

        std::size_t column = 0;
        bool missingTime = false;
        for (const std::size_t index : m_order) {
            const CellRequest &cell = m_request.cells[index];
            for (; column < cell.column; ++column) {
                p = nextField(p, end);
                if (!p) {
                    problem = "the row has " + std::to_string(column + 1) + " fields where at least "
                              + std::to_string(m_request.cells[m_order.back()].column + 1) + " are needed";
                    return RowState::bad;
                }
            }
            const RowState state = parseCell(index, cell, p, end, slot, chunk, problem);
            if (state == RowState::bad)
                return state;
            missingTime = missingTime || state == RowState::missingTime;
        }
        if (m_request.width > 0) {
            std::size_t fields = column + 1;
            for (const char *q = nextField(p, end); q && q != end; q = nextField(q, end))
                ++fields;
            if (fields > m_request.width) {
                problem = "the row has " + std::to_string(fields) + " fields where the header has "
                          + std::to_string(m_request.width);
                return RowState::bad;
            }
        }
        if (missingTime && problem.empty())
            problem = "the time is missing";
        return missingTime ? RowState::missingTime : RowState::good;
    }

    bool endsField(const char *p, const char *end) const
    {
        if (p == end || isSeparator(*p))
            return true;
        p = skipBlanks(p, end);
        return p == end || isSeparator(*p);
    }

    RowState parseCell(std::size_t index, const CellRequest &cell, const char *p, const char *end, std::size_t slot,
                       Chunk &chunk, std::string &problem) const
    {
        OutputColumn &output = m_outputs[index];
        switch (cell.kind) {
        case CellKind::number: {
            const char *const first = skipBlanks(p, end);
            DecimalText number = scanDecimal(first, end, m_request.layout.decimal);
            if (!number.end || !endsField(number.end, end)) {
                const std::string_view field = fieldAt(p, end);
                if (isMissing(field)) {
                    output.numbers[slot] = std::numeric_limits<float>::quiet_NaN();
                    ++chunk.missing[index];
                    return RowState::good;
                }
                number = scanWhole(field);
                if (!number.end) {
                    problem = describe(cell.column, field, "a number");
                    return RowState::bad;
                }
            } else if (!m_request.missing.empty() && isMissing(fieldAt(p, end))) {
                output.numbers[slot] = std::numeric_limits<float>::quiet_NaN();
                ++chunk.missing[index];
                return RowState::good;
            }
            output.numbers[slot] = static_cast<float>(toDouble(number) * cell.scale + cell.offset);
            return RowState::good;
        }
        case CellKind::whole: {
            const char *const first = skipBlanks(p, end);
            DecimalText number = scanDecimal(first, end, m_request.layout.decimal);
            if (!number.end || !endsField(number.end, end)) {
                const std::string_view field = fieldAt(p, end);
                if (isMissing(field))
                    return RowState::missingTime;
                number = scanWhole(field);
                if (!number.end) {
                    problem = describe(cell.column, field, "a number");
                    return RowState::bad;
                }
            }
            bool fits = true;
            output.wholes[slot] = toWhole(number, cell.exponent, fits);
            if (!fits)
                problem = describe(cell.column, fieldAt(p, end), "a time that fits into 64 bits of nanoseconds");
            return fits ? RowState::good : RowState::bad;
        }
        case CellKind::wallTime: {
            const std::string_view field = fieldAt(p, end);
            if (isMissing(field))
                return RowState::missingTime;
            const auto time = cell.pattern.empty() ? parseIsoTime(field) : parseWallTime(field, cell.pattern);
            if (!time) {
                problem = describe(cell.column, field, "a date and time as expected");
                return RowState::bad;
            }
            output.wholes[slot] = time->ns;
            chunk.zoneless += !time->zoned;
            return RowState::good;
        }
        case CellKind::text: output.codes[slot] = chunk.words[index].codeOf(fieldAt(p, end)); return RowState::good;
        }
        return RowState::bad;
    }

    DecimalText scanWhole(std::string_view field) const
    {
        DecimalText number = scanDecimal(field.data(), field.data() + field.size(), m_request.layout.decimal);
        if (number.end != field.data() + field.size())
            number.end = nullptr;
        return number;
    }

    const TableRequest &m_request;
    std::vector<OutputColumn> &m_outputs;
    std::vector<std::size_t> m_order;
    std::vector<Step> m_steps;
    bool m_isPlain = false;
    std::size_t m_fieldsAfter = 0; // that a row may have behind the last one asked for
};

/** Cuts the text at line ends into pieces that one thread reads at a time. */
std::vector<Chunk> cutChunks(std::string_view text, std::size_t threads)
{
    constexpr std::size_t kSmallest = std::size_t{256} << 10;
    constexpr std::size_t kLargest = std::size_t{4} << 20;
    const std::size_t wanted = std::clamp(text.size() / (std::max<std::size_t>(threads, 1) * 4), kSmallest, kLargest);
    std::vector<Chunk> chunks;
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
void closeHoles(T *values, std::span<const Chunk> chunks)
{
    std::size_t to = 0;
    for (const Chunk &chunk : chunks) {
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

void mergeWords(Table &table, std::size_t request, std::int32_t *codes, std::span<const Chunk> chunks)
{
    WordList all;
    std::size_t row = 0;
    for (const Chunk &chunk : chunks) {
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
    std::vector<Chunk> chunks = cutChunks(body, request.threads);

    std::size_t lastColumn = 0;
    for (const CellRequest &cell : request.cells)
        lastColumn = std::max(lastColumn, cell.column);
    // A good row has at least the separators before the last column asked for and its line end.
    const std::size_t shortestRow = lastColumn + 1;
    parallelFor(chunks.size(), request.threads, [&](std::size_t i) {
        request.cancel.throwIfCancelled();
        Chunk &chunk = chunks[i];
        chunk.lines = countLineEnds(chunk.text);
        chunk.lines += !chunk.text.ends_with('\n');
    });
    std::size_t slots = 0;
    std::size_t lines = 0;
    for (Chunk &chunk : chunks) {
        chunk.firstSlot = slots;
        chunk.linesBefore = lines;
        slots += std::min(chunk.lines, chunk.text.size() / shortestRow + 1) + 1;
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

    const RowParser parser(request, outputs);
    std::mutex progressMutex;
    std::size_t done = 0;
    parallelFor(chunks.size(), request.threads, [&](std::size_t i) {
        request.cancel.throwIfCancelled();
        parser.parse(chunks[i]);
        const std::lock_guard lock(progressMutex);
        request.progress(static_cast<double>(++done) / static_cast<double>(chunks.size()));
    });

    Table table;
    table.firstLine = header.dataLine;
    for (const Chunk &chunk : chunks) {
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
    for (const Chunk &chunk : chunks) {
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
