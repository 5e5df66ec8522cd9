#include "core/data/profile/assumptions.h"

#include "core/data/profile/draft.h"
#include "core/data/table/text_file.h"

#include <algorithm>

namespace kino {
namespace {

bool isSameCut(const TableLayout &a, const TableLayout &b)
{
    return a.separator == b.separator && a.decimal == b.decimal && a.headerRows == b.headerRows && a.skipLines == b.skipLines && a.comment == b.comment;
}

bool isSameKind(const ColumnDraft &a, const ColumnDraft &b) { return a.use == b.use && a.kind == b.kind; }

bool isSameUnit(const ColumnDraft &a, const ColumnDraft &b) { return isSameKind(a, b) && a.unit == b.unit && a.scale == b.scale; }

} // namespace

bool stillStands(const GuessConcern &concern, const ProfileDraft &guessed, const ProfileDraft &now)
{
    const bool isSameTime = guessed.timeColumn() == now.timeColumn();
    const auto isSame = [&](std::size_t column, auto compare) {
        return column < guessed.columns.size() && column < now.columns.size() && compare(guessed.columns[column], now.columns[column]);
    };
    const auto isKind = [&](std::size_t column) { return isSame(column, isSameKind); };
    switch (concern.field) {
    case GuessField::cut: return isSameCut(guessed.layout, now.layout);
    case GuessField::timeColumn: return isSameTime;
    case GuessField::timeUnit: return isSameTime && guessed.time.unit == now.time.unit && guessed.time.isUnix == now.time.isUnix;
    case GuessField::rate: return isSameTime && guessed.time.unit == now.time.unit && guessed.time.rateHz == now.time.rateHz;
    case GuessField::kind: return std::ranges::any_of(concern.columns, isKind);
    case GuessField::unit: return std::ranges::any_of(concern.columns, [&](std::size_t column) { return isSame(column, isSameUnit); });
    case GuessField::noSensor: break;
    }
    return std::ranges::all_of(concern.columns, isKind);
}

bool settles(const GuessConcern &confirmed, const GuessConcern &concern)
{
    if (confirmed.field != concern.field)
        return false;
    return concern.columns.empty() || std::ranges::any_of(confirmed.columns, [&](std::size_t column) { return std::ranges::find(concern.columns, column) != concern.columns.end(); });
}

} // namespace kino
