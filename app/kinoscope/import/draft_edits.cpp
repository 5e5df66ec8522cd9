#include "app/kinoscope/import/draft_edits.h"

#include <algorithm>

namespace kino {

void assignUse(ProfileDraft &draft, const std::vector<int> &columns, ColumnUse use, StreamKind kind)
{
    for (const int chosen : columns) {
        ColumnDraft &column = draft.columns[static_cast<std::size_t>(chosen)];
        ColumnDraft now{column.name, use, kind, {}, {}, column.device, {}, 1, 0};
        if (use == ColumnUse::time || use == ColumnUse::label) {
            for (ColumnDraft &other : draft.columns) {
                if (other.use == use)
                    other.use = ColumnUse::ignored;
            }
        }
        if (use == ColumnUse::sensor) {
            column.use = ColumnUse::ignored;
            now.unit = std::string(streamKindUnit(kind));
            std::vector<std::string> taken;
            for (const ColumnDraft &other : draft.columns) {
                if (!other.isSameSensor(now))
                    continue;
                taken.push_back(other.axis);
                now.unit = other.unit;
                now.scale = other.scale;
                now.offset = other.offset;
            }
            const std::vector<std::string> usual = usualAxes(kind);
            const auto isFree = [&](const std::string &axis) { return std::ranges::find(taken, axis) == taken.end(); };
            const auto free = std::ranges::find_if(usual, isFree);
            now.axis = free != usual.end() ? *free : column.name.empty() ? "column " + std::to_string(chosen + 1) : column.name;
        }
        column = std::move(now);
    }
}

void assignUnit(ProfileDraft &draft, const std::vector<int> &columns, const std::string &unit)
{
    for (const int chosen : columns) {
        const ColumnDraft sensor = draft.columns[static_cast<std::size_t>(chosen)];
        for (ColumnDraft &column : draft.columns) {
            if (column.isSameSensor(sensor))
                column.unit = unit;
        }
    }
}

void assignDevice(ProfileDraft &draft, const std::vector<int> &columns, const std::string &device)
{
    const std::vector<ColumnDraft> before = draft.columns;
    for (const int chosen : columns) {
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (before[i].isSameSensor(before[static_cast<std::size_t>(chosen)]))
                draft.columns[i].device = device;
        }
    }
}

void assignTimeColumn(ProfileDraft &draft, std::optional<std::size_t> time)
{
    for (std::size_t i = 0; i < draft.columns.size(); ++i) {
        ColumnDraft &column = draft.columns[i];
        if (i == time)
            column = {column.name, ColumnUse::time, {}, {}, {}, {}, {}, 1, 0};
        else if (column.use == ColumnUse::time)
            column.use = ColumnUse::ignored;
    }
}

} // namespace kino
