#include "core/data/table/row_parser.h"

#include "core/data/table/number_text.h"
#include "core/data/table/wall_time.h"

#include <numeric>

namespace kino {
namespace {

enum class RowState { good, blank, bad, missingTime };

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/** Reads rows of one layout and set of requests; const, so all threads share one. */
class RowParser {
public:
    RowParser(const TableRequest &request, const std::vector<OutputColumn> &outputs)
        : m_request(request), m_outputs(outputs)
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

    void parse(TableChunk &chunk) const
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
        // Slots were counted by line ends; a file that is written to while it is read may have more of them by now.
        for (; p < end && chunk.rows < chunk.slots; ++line) {
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
     * for anything unusual, which parseRow() then looks at. Text that is mapped may change under us, so no scan relies on
     * the line end at `end` still being there.
     */
    const char *parsePlainRow(const char *p, const char *end, std::size_t slot, TableChunk &chunk) const
    {
        const char separator = m_request.layout.separator;
        const char decimal = m_request.layout.decimal;
        const char quote = m_request.layout.quote;
        const auto fieldEnd = [&](const char *from) {
            while (from != end && *from != separator && *from != '\n')
                ++from;
            return from;
        };
        if (p == end || *p == '\n')
            return nullptr;
        if (!m_request.layout.comment.empty() && *p == m_request.layout.comment.front())
            return nullptr;
        for (const Step &step : m_steps) {
            for (std::size_t skip = step.skip; skip > 0; --skip) {
                // After a step `p` stands on a separator; the field passed over may itself be quoted.
                if (p == end || *p == quote || (isBlank(*p) && *p != separator))
                    return nullptr;
                p = fieldEnd(p);
                if (p == end || *p == '\n')
                    return nullptr;
                ++p;
            }
            if (step.kind == CellKind::text) {
                const char *const word = p;
                p = fieldEnd(p);
                if (p == end || p == word || *word == quote || isBlank(*word) || isBlank(p[-1]))
                    return nullptr;
                step.codes[slot] = chunk.words[step.index].codeOf({word, static_cast<std::size_t>(p - word)});
                continue;
            }
            const DecimalText number = scanDecimal(p, end, decimal);
            if (!number.end || number.end == end
                || (*number.end != separator && *number.end != '\n' && *number.end != '\r'))
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
        if (p == end)
            return nullptr;
        if (*p == '\n')
            return p + 1;
        const auto *newline = static_cast<const char *>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
        // What follows a carriage return inside a line is for the careful look.
        if (!newline || (*p == '\r' && newline != p + 1))
            return nullptr;
        std::size_t more = m_fieldsAfter;
        for (const char *q = p; m_request.width > 0 && q != newline; ++q) {
            if (*q == quote || (*q == separator && more-- == 0))
                return nullptr;
        }
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
        if (isMissingWord(field))
            return true;
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

    RowState parseRow(const char *p, const char *end, std::size_t slot, TableChunk &chunk, std::string &problem) const
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
                       TableChunk &chunk, std::string &problem) const
    {
        const OutputColumn &output = m_outputs[index];
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
    const std::vector<OutputColumn> &m_outputs;
    std::vector<std::size_t> m_order;
    std::vector<Step> m_steps;
    bool m_isPlain = false;
    std::size_t m_fieldsAfter = 0; // that a row may have behind the last one asked for
};

} // namespace

void addSkipped(std::vector<SkippedRows> &runs, std::size_t row, std::size_t count)
{
    if (!runs.empty() && runs.back().row == row)
        runs.back().count += count;
    else
        runs.push_back({row, count});
}

void parseRows(TableChunk &chunk, const TableRequest &request, const std::vector<OutputColumn> &outputs)
{
    RowParser(request, outputs).parse(chunk);
}

} // namespace kino
