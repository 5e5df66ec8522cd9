// Icons and style sheet lie inside the program. A static library's resources are registered on first use, here.
#pragma once

namespace kino {

/** May be called any number of times, GUI thread. */
void ensureResources();

} // namespace kino
