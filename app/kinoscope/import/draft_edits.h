// What a person does to the columns of a draft: each edit keeps together what belongs together. Pure functions.
#pragma once

#include "core/data/profile/draft.h"

#include <optional>
#include <vector>

namespace kino {

/**
 * These columns, in this order, are this. There is one time and one label; columns of one sensor take its next free axes, its
 * unit and its scale.
 */
void assignUse(ProfileDraft &draft, const std::vector<int> &columns, ColumnUse use, StreamKind kind);
/** One sensor has one unit: all its columns follow. */
void assignUnit(ProfileDraft &draft, const std::vector<int> &columns, const std::string &unit);
/** One sensor's columns stay together. */
void assignDevice(ProfileDraft &draft, const std::vector<int> &columns, const std::string &device);
/** Nothing: no column is the time. */
void assignTimeColumn(ProfileDraft &draft, std::optional<std::size_t> column);

} // namespace kino
