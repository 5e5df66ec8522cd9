// A report as one HTML file that needs nothing else: no script, no font, no address. It is well-formed XML, prints, follows the reader's
// light or dark, and its tables and drawings say in words what they are of. Pure; any thread.
#pragma once

#include "core/jobs/report/report_content.h"

#include <string>

namespace kino {

std::string htmlReport(const ReportContent &content);

} // namespace kino
