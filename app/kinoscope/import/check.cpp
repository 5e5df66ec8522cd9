#include "app/kinoscope/import/check.h"

#include "core/base/error.h"
#include "core/data/profile/guess.h"
#include "core/data/profile/library.h"
#include "core/data/profile/reader.h"
#include "core/data/profile/table.h"
#include "core/data/table/text_file.h"
#include "core/data/unit_doubts.h"
#include "core/data/recording_overview.h"
#include "widgets/timeline/time_axis.h"
#include "widgets/timeline/value_axis.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace kino {
namespace {

QString say(const char *text) { return QCoreApplication::translate("ImportCheck", text); }

QString sentenceOf(const Error &error)
{
    QString text = QString::fromStdString(error.sentence()).trimmed();
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

/** The file as it is cut, without anything being read from it. */
std::shared_ptr<const TablePreview> plainPreview(const std::filesystem::path &file, const std::optional<TableLayout> &layout)
{
    FileSpec spec;
    if (layout)
        spec.table.layout = *layout;
    else
        spec.table.layout.headerRows = 0;
    return std::make_shared<const TablePreview>(previewTable(file, spec));
}

void lookByProfile(const ImportQuestion &question, ImportLook &look)
{
    const std::shared_ptr<const ImportProfile> profile = findProfile(question.profile);
    look.confidence = 1;
    look.profile = profile->source;
    // Of several kinds of file, the one that this looks like.
    const FileSpec *spec = &profile->files.front();
    const std::string head = readTextHead(question.file);
    for (const FileSpec &each : profile->files) {
        if (looksLike(question.file, head, each)) {
            spec = &each;
            break;
        }
    }
    look.preview = std::make_shared<const TablePreview>(previewTable(question.file, *spec));
    look.isText = true;
    look.draft = draftOf(*profile, look.preview->names, look.preview->columns);
}

void lookByGuess(const ImportQuestion &question, ImportLook &look)
{
    GuessedProfile guess = guessProfile(question.file, question.layout);
    const ImportProfile profile = parseProfile(guess.profile);
    look.isText = true;
    look.preview = std::make_shared<const TablePreview>(previewTable(question.file, profile.files.front()));
    look.draft = draftOf(profile, look.preview->names, look.preview->columns);
    look.profile = std::move(guess.profile);
    look.confidence = guess.confidence;
    look.reasons = std::move(guess.assumptions);
    look.concerns = std::move(guess.concerns);
    look.guessed = look.draft;
}

QString rangeText(const StreamSummary &summary, const std::string &unit)
{
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (const double value : summary.min)
        least = std::isfinite(value) ? std::min(least, value) : least;
    for (const double value : summary.max)
        most = std::isfinite(value) ? std::max(most, value) : most;
    if (least > most)
        return say("no numbers");
    return valueText(least, std::abs(least) < 100 ? 0.01 : 1) + QStringLiteral(" \u2026 ") + valueText(most, std::abs(most) < 100 ? 0.01 : 1) + QLatin1Char(' ') + unitText(QString::fromStdString(unit));
}

ImportedStream describeStream(const Device &device, const ImuStream &stream, const StreamOverview &overview)
{
    const TimingSummary &timing = overview.summary.timing;
    ImportedStream row;
    row.name = QString::fromStdString(streamName(device, stream));
    row.samples = QLocale(QLocale::English).toString(static_cast<qulonglong>(timing.samples));
    row.rate = std::isfinite(timing.rateHz) && timing.rateHz > 0 ? valueText(timing.rateHz, 0.1) + QStringLiteral(" Hz") : QString();
    row.range = rangeText(overview.summary, stream.unit);
    QStringList faults;
    if (!timing.gaps.empty())
        faults += timing.gaps.size() == 1 ? say("1 gap") : say("%1 gaps").arg(timing.gaps.size());
    if (timing.duplicateTimes > 0)
        faults += say("%1 repeated times").arg(timing.duplicateTimes);
    if (overview.summary.clippedSamples > 0)
        faults += say("%1 clipped samples").arg(overview.summary.clippedSamples);
    if (overview.summary.nanValues > 0)
        faults += say("%1 missing numbers").arg(overview.summary.nanValues);
    row.mark = faults.isEmpty() ? Mark::good : Mark::warning;
    row.tip = faults.isEmpty() ? say("no gaps, no repeated times, no clipping") : faults.join(QStringLiteral(", "));
    // An accelerometer at rest shows gravity: the surest check of a unit and a scale.
    const double atRest = overview.summary.magnitudeAtRest;
    if (stream.kind == StreamKind::accelerometer && std::isfinite(atRest)) {
        row.tip = say("at rest %1 m/s\u00b2 (gravity is 9.81)").arg(valueText(atRest, 0.01)) + QStringLiteral("; ") + row.tip;
        if (std::abs(atRest - 9.80665) > 0.981)
            row.mark = Mark::warning;
    }
    if (const std::string doubt = unitDoubt(stream); !doubt.empty()) {
        row.mark = Mark::warning;
        QString text = QString::fromStdString(doubt);
        text[0] = text[0].toUpper();
        row.tip = text + QStringLiteral(".\n") + row.tip;
    }
    return row;
}

} // namespace

ImportLook lookAtFile(const ImportQuestion &question)
{
    ImportLook look;
    try {
        if (!question.profile.empty())
            lookByProfile(question, look);
        else
            lookByGuess(question, look);
    } catch (const Error &error) {
        look.problem = sentenceOf(error);
    } catch (const std::filesystem::filesystem_error &error) {
        look.problem = QString::fromStdString(error.code().message());
    }
    if (look.problem.isEmpty())
        return look;
    try {
        look.preview = plainPreview(question.file, question.layout);
        look.isText = true;
    } catch (const Error &error) {
        // Not text: the sentence about that says more than "no table".
        look.problem = sentenceOf(error);
    } catch (const std::filesystem::filesystem_error &) {
    }
    return look;
}

std::vector<std::filesystem::path> filesLike(const std::filesystem::path &file, const std::vector<std::filesystem::path> &files, const CancelToken &cancel)
{
    // Empty where it is no table: like no other.
    const auto shapeOf = [](const std::filesystem::path &path) -> std::string {
        try {
            const GuessedProfile guess = guessProfile(path);
            nlohmann::json shape = guess.profile.at("files").at(0).at("table");
            shape["columns"] = guess.columns;
            return shape.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        } catch (const Error &) {
        } catch (const std::filesystem::filesystem_error &) {
        }
        return {};
    };
    std::vector<std::filesystem::path> alike;
    const std::string shape = shapeOf(file);
    for (const std::filesystem::path &each : files) {
        cancel.throwIfCancelled();
        if (each == file || (!shape.empty() && shapeOf(each) == shape))
            alike.push_back(each);
    }
    return alike;
}

ImportCheck checkImport(const std::filesystem::path &file, const nlohmann::json &profileJson, const TaskContext &context,
                        const std::function<void(ImportCheck)> &publish)
{
    ImportCheck check;
    try {
        const auto profile = std::make_shared<const ImportProfile>(parseProfile(profileJson));
        const FileSpec *spec = &profile->files.front();
        if (profile->files.size() > 1) {
            const std::string head = readTextHead(file);
            for (const FileSpec &each : profile->files)
                spec = looksLike(file, head, each) ? &each : spec;
        }
        check.preview = std::make_shared<const TablePreview>(previewTable(file, *spec));
        publish(check);
        context.cancel.throwIfCancelled();
        ImportOptions options;
        options.cancel = context.cancel;
        options.progress = context.progress;
        const Recording recording = readFileByProfile(file, profile, options);
        context.cancel.throwIfCancelled();
        const RecordingOverview overview = computeOverview(recording);
        for (std::size_t device = 0; device < recording.devices.size(); ++device) {
            for (std::size_t stream = 0; stream < recording.devices[device].streams.size(); ++stream)
                check.streams.push_back(describeStream(recording.devices[device], recording.devices[device].streams[stream], overview[device][stream]));
        }
        QStringList parts{durationText(recording.end() - recording.start())};
        std::size_t labels = 0;
        for (const AnnotationTier &tier : recording.tiers)
            labels += tier.annotations.size();
        if (labels > 0)
            parts += labels == 1 ? say("1 label") : say("%1 labels").arg(labels);
        if (!recording.videos.empty())
            parts += recording.videos.size() == 1 ? say("with video") : say("%1 videos").arg(recording.videos.size());
        if (!recording.subject.empty())
            parts += say("subject %1").arg(QString::fromStdString(recording.subject));
        check.summary = parts.join(QStringLiteral("  \u00b7  "));
        check.report = recording.report;
        std::ranges::move(unitDoubts(recording), std::back_inserter(check.report));
    } catch (const Cancelled &) {
        throw;
    } catch (const Error &error) {
        check.problem = sentenceOf(error);
        check.report.push_back({Severity::error, file, error.line(), "unreadable-file", 1, error.sentence()});
    } catch (const std::bad_alloc &) {
        check.problem = say("There is not enough memory to read this file.");
    } catch (const std::filesystem::filesystem_error &error) {
        check.problem = QString::fromStdString(error.code().message());
    }
    check.isWhole = true;
    return check;
}

} // namespace kino
