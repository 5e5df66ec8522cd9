// The Errors of a project that cannot be written or read just now; thrown by Database (database.h).
#pragma once

#include "core/base/error.h"

namespace kino {

/** Something outside stands in the way (a lock, a full disk, a right to write): the same may succeed later. */
class Unavailable : public Error {
public:
    using Error::Error;
};
/** Another program held the database for longer than was waited: the same may work a moment later. */
class BusyError : public Unavailable {
public:
    using Unavailable::Unavailable;
};

} // namespace kino
