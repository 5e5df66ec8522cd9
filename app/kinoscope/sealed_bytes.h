// What Qt reads back from the settings without asking whether it is whole: it believes the lengths that it finds, and a damaged one
// asks for all memory there is. Pure functions.
#pragma once

#include <QByteArray>

#include <optional>

namespace kino {

/** The bytes with their hash before them. */
QByteArray sealedBytes(const QByteArray &bytes);
/** Nothing where they are not what was sealed. */
std::optional<QByteArray> openedSeal(const QByteArray &sealed);

} // namespace kino
