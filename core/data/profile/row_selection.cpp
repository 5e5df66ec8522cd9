#include "core/data/profile/row_selection.h"

#include <numeric>

namespace kino {

RowSelection selectRows(const Table &table, const Column<Nanos> &timesNs,
                        const std::function<bool(std::size_t row)> &isMeant)
{
    RowSelection selection;
    selection.isAll = !isMeant;
    for (std::size_t row = 0; isMeant && row < table.rows; ++row) {
        if (isMeant(row))
            selection.rows.push_back(static_cast<std::uint32_t>(row));
    }
    const std::size_t count = selection.isAll ? table.rows : selection.rows.size();
    for (std::size_t i = 1; i < count; ++i) {
        const Nanos step = timesNs[selection.rowAt(i)] - timesNs[selection.rowAt(i - 1)];
        if (step > 0)
            continue;
        if (step < 0 && selection.backward++ == 0)
            selection.backwardLine = table.lineOf(selection.rowAt(i));
        if (step == 0 && selection.duplicates++ == 0)
            selection.duplicateLine = table.lineOf(selection.rowAt(i));
    }
    if (selection.backward > 0) {
        if (selection.isAll) {
            selection.rows.resize(count);
            std::iota(selection.rows.begin(), selection.rows.end(), 0u);
            selection.isAll = false;
        }
        std::ranges::stable_sort(selection.rows, {}, [&](std::uint32_t row) { return timesNs[row]; });
    }
    if (selection.isAll) {
        selection.timesNs = timesNs;
        return selection;
    }
    std::vector<Nanos> times(count);
    for (std::size_t i = 0; i < count; ++i)
        times[i] = timesNs[selection.rows[i]];
    selection.timesNs = Column<Nanos>(std::move(times));
    return selection;
}

} // namespace kino
