// What people read of a mistake. Pure.
#pragma once

#include "core/base/error.h"

#include <QString>

namespace kino {

/** With a capital letter and a full stop. */
QString asSentence(QString text);
QString asSentence(const Error &error);

} // namespace kino
