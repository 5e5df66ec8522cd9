#include "widgets/style/resources.h"

#include <QDir>

// Q_INIT_RESOURCE must stand outside any namespace.
static void initialiseResources() { Q_INIT_RESOURCE(kinoscope); }

namespace kino {

void ensureResources()
{
    static const bool done = (initialiseResources(), true);
    Q_UNUSED(done);
}

} // namespace kino
