#include "app/kinoscope/library/import_summary.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace kino {
namespace {

QString say(const char *text) { return QCoreApplication::translate("ImportSummary", text); }

void addCount(QStringList &parts, int count, const char *one, const char *many)
{
    if (count > 0)
        parts += count == 1 ? say(one) : say(many).arg(count);
}

} // namespace

std::size_t ImportSummary::count(Severity severity) const
{
    return static_cast<std::size_t>(std::ranges::count(report, severity, &ReportRow::severity));
}

QString ImportSummary::sentence() const
{
    if (!emptyFolder.isEmpty())
        return say("No recordings in \u201c%1\u201d: click to see what was not opened, and why").arg(emptyFolder);
    QStringList parts;
    addCount(parts, added, QT_TRANSLATE_NOOP("ImportSummary", "1 recording imported"), QT_TRANSLATE_NOOP("ImportSummary", "%1 recordings imported"));
    addCount(parts, changed, QT_TRANSLATE_NOOP("ImportSummary", "1 had changed and was renewed"), QT_TRANSLATE_NOOP("ImportSummary", "%1 had changed and were renewed"));
    addCount(parts, relocated, QT_TRANSLATE_NOOP("ImportSummary", "1 found in its new place"), QT_TRANSLATE_NOOP("ImportSummary", "%1 found in their new place"));
    addCount(parts, known, QT_TRANSLATE_NOOP("ImportSummary", "1 was already here"), QT_TRANSLATE_NOOP("ImportSummary", "%1 were already here"));
    addCount(parts, failed, QT_TRANSLATE_NOOP("ImportSummary", "1 could not be read"), QT_TRANSLATE_NOOP("ImportSummary", "%1 could not be read"));
    addCount(parts, uncertain, QT_TRANSLATE_NOOP("ImportSummary", "1 needs a look"), QT_TRANSLATE_NOOP("ImportSummary", "%1 need a look"));
    if (parts.isEmpty() && !isStopped && !waiting.empty())
        parts += waiting.size() == 1 ? say("1 file is not imported yet") : say("%1 files are not imported yet").arg(waiting.size());
    if (isStopped)
        parts += parts.isEmpty() ? say("The import was stopped before anything was read") : say("then stopped");
    const auto warnings = static_cast<int>(count(Severity::warning));
    addCount(parts, warnings, QT_TRANSLATE_NOOP("ImportSummary", "1 warning"), QT_TRANSLATE_NOOP("ImportSummary", "%1 warnings"));
    return parts.join(QStringLiteral("  \u00b7  "));
}

} // namespace kino
