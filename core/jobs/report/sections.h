// The parts of a report's page, each a function that adds to it.
#pragma once

#include "core/jobs/report/markup.h"
#include "core/jobs/report/report_content.h"

namespace kino::report {

/** The style of the page. */
extern const char *const kStyle;

/** What all runs are, each a link to how it was made. */
void addRunTable(Markup &page, const ReportContent &content);
/** Those that differ first, what is the same folded. */
void addParameters(Markup &page, const ReportContent &content);
/** Mean and standard error over seeds; nothing where no run has ended. */
void addFinalNumbers(Markup &page, const ReportContent &content);
/** A drawing for each metric that has a curve. */
void addCurves(Markup &page, const ReportContent &content);
/** Cells with both spreads and paired differences. */
void addStudy(Markup &page, const ReportRun &study);
void addConfusions(Markup &page, const ReportRun &run);
/** Lineage, environment, data, splits, specification, warnings, and of a failed one why. */
void addHowItWasMade(Markup &page, const ReportRun &run);

/** "run-12" */
std::string anchorOf(const ReportRun &run);
/** <div><table><caption>, to be ended by endTable(). */
void beginTable(Markup &page, const std::string &caption);
void endTable(Markup &page);
/** A row of column heads; from the given one on they stand over numbers. */
void addHeads(Markup &page, const std::vector<std::string> &heads, std::size_t numbersFrom);

} // namespace kino::report
