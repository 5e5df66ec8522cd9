// What a draft of a profile says, in words, and numbers as people type them. Pure functions.
#pragma once

#include "core/data/profile/draft.h"

#include <QString>

#include <optional>

namespace kino {

/** "accelerometer x, g"; empty for a column that is not used. */
QString columnMeaningText(const ProfileDraft &draft, std::size_t column);
/** 0.5, 0,5 or 1/16384, whatever the locale; nothing for anything else. */
std::optional<double> parseFactor(const QString &text);
/** As parseFactor() reads it; what a person is likely to have typed as a fraction is one. */
QString factorText(double value);

} // namespace kino
