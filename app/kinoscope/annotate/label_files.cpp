#include "app/kinoscope/annotate/label_files.h"

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/commands.h"
#include "core/base/error.h"
#include "core/data/formats/annotation_file.h"

#include <QAction>
#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>

namespace kino {
namespace {

namespace fs = std::filesystem;

QString fileName(const fs::path &file) { return QString::fromStdString(file.filename().string()); }

QString counted(std::size_t count, const QString &one, const QString &many) { return count == 1 ? one : many.arg(count); }

struct Written {
    std::size_t annotations = 0;
    std::size_t tiers = 0;
    EafWritten eaf;
    bool hasMedia = false;
};

std::optional<EafMedia> mediaOf(const Recording &recording)
{
    for (const VideoTrack &video : recording.videos) {
        if (video.storage == VideoStorage::container)
            return EafMedia{video.path, video.clock.toRecording(video.start), video.clock.driftPpm};
    }
    return std::nullopt;
}

Written writeLabels(const fs::path &file, const Recording &recording)
{
    Written written;
    written.tiers = recording.tiers.size();
    for (const AnnotationTier &tier : recording.tiers)
        written.annotations += tier.annotations.size();
    if (file.extension() == ".eaf") {
        const std::optional<EafMedia> media = mediaOf(recording);
        written.hasMedia = media.has_value();
        written.eaf = writeEaf(file, recording.tiers, media);
    } else if (file.extension() == ".csv") {
        writeAnnotationCsv(file, recording.tiers);
    } else {
        throw Error(file, "labels are written as .csv or .eaf; give the file one of these endings");
    }
    return written;
}

} // namespace

/** On a worker. */
struct LabelFiles::Read {
    std::vector<AnnotationTier> tiers;
    bool saysKind = false; // of its tiers
    EafPlacement how = EafPlacement::asWritten;
    std::string video;
    bool hasVideos = false;
};

LabelFiles::LabelFiles(Session &session, Annotator &annotator, Commands &commands, TaskRunner &runner, QWidget &window)
    : QObject(&window), m_session(session), m_annotator(annotator), m_window(window), m_reading(runner, this), m_writing(runner, this),
      m_ask([this](const QStringList &known) { return askPerson(known); })
{
    for (TaskLine *line : {&m_reading, &m_writing})
        line->onFailure([this](const QString &sentence, const QString &details) { Q_EMIT failed(sentence, details); });
    connect(commands.importLabels, &QAction::triggered, this, [this] {
        if (m_annotator.state() == LabelsState::outsideProject) {
            Q_EMIT m_annotator.projectNeeded();
            return;
        }
        const QString file = QFileDialog::getOpenFileName(&m_window, tr("Import labels"), {}, tr("Labels (*.csv *.eaf);;All files (*)"));
        if (!file.isEmpty())
            importFrom(file.toStdString());
    });
    connect(commands.exportLabels, &QAction::triggered, this, [this] {
        const Recording *recording = m_session.recording();
        if (!recording)
            return;
        const QString name = QString::fromStdString(recording->path.stem().string());
        QString filter;
        QString file = QFileDialog::getSaveFileName(&m_window, tr("Export labels"), QDir::home().filePath(name + QStringLiteral(".csv")), tr("CSV (*.csv);;ELAN (*.eaf)"), &filter);
        if (file.isEmpty())
            return;
        if (QFileInfo(file).suffix().isEmpty())
            file += filter.contains(QLatin1String("eaf")) ? QStringLiteral(".eaf") : QStringLiteral(".csv");
        exportTo(file.toStdString());
    });
}

std::optional<ImportedTier> LabelFiles::askPerson(const QStringList &known)
{
    QMessageBox box(QMessageBox::Question, tr("Import labels"),
                    known.size() == 1 ? tr("The tier \u201c%1\u201d is there already, with other labels.").arg(known.front())
                                      : tr("%1 tiers of the file are there already, with other labels: %2.").arg(known.size()).arg(known.mid(0, 6).join(QStringLiteral(", "))),
                    QMessageBox::Cancel, &m_window);
    box.setInformativeText(tr("Either way it can be undone."));
    QPushButton *both = box.addButton(tr("&Keep both"), QMessageBox::AcceptRole);
    QPushButton *replace = box.addButton(tr("&Replace"), QMessageBox::AcceptRole);
    box.setDefaultButton(both);
    box.exec();
    if (box.clickedButton() == both)
        return ImportedTier::keepBoth;
    return box.clickedButton() == replace ? std::optional(ImportedTier::replace) : std::nullopt;
}

void LabelFiles::importFrom(const fs::path &file)
{
    const std::shared_ptr<const Recording> recording = m_session.open().recording;
    if (!recording)
        return;
    const qint64 id = m_session.open().id;
    m_reading.ask<Read>(
        [file, recording](const TaskContext &, const std::function<void(Read)> &) {
            Read read;
            if (file.extension() == ".eaf") {
                PlacedTiers placed = placeOnRecording(readEafDocument(file), *recording);
                read = {std::move(placed.tiers), true, placed.how, placed.video, !recording->videos.empty()};
            } else {
                read.tiers = readAnnotationFile(file);
            }
            return read;
        },
        [this, file, id](const Read &read) {
            if (m_session.open().id == id)
                take(file, read);
            else
                Q_EMIT told(tr("Another recording is shown now; the labels of %1 were not taken.").arg(fileName(file)), true);
        });
}

void LabelFiles::take(const fs::path &file, const Read &read)
{
    const AnnotationSet *set = m_annotator.set();
    if (!set)
        return;
    std::vector<AnnotationTier> tiers;
    QStringList known;
    std::size_t same = 0;
    for (AnnotationTier tier : read.tiers) {
        if (const StoredTier *there = set->findTier(tier.name)) {
            if (!read.saysKind)
                tier.kind = there->kind;
            if (plainTiers(std::span(there, 1)).front().annotations == tier.annotations && there->kind == tier.kind) {
                ++same;
                continue;
            }
            known += QString::fromStdString(tier.name);
        }
        tiers.push_back(std::move(tier));
    }
    if (tiers.empty()) {
        Q_EMIT told(same > 0 ? tr("All labels of %1 are there already; nothing was changed.").arg(fileName(file)) : tr("There are no labels in %1.").arg(fileName(file)), same == 0);
        return;
    }
    const std::optional<ImportedTier> how = known.isEmpty() ? std::optional(ImportedTier::keepBoth) : m_ask(known);
    if (!how)
        return;
    if (!m_annotator.addTiers(tiers, *how, "Import labels"))
        return;
    std::size_t count = 0;
    std::size_t outside = 0;
    std::size_t instants = 0;
    const TimeRange bounds = m_session.bounds();
    for (const AnnotationTier &tier : tiers) {
        for (const Annotation &annotation : tier.annotations) {
            ++count;
            outside += annotation.start < bounds.start || annotation.end > bounds.end ? 1 : 0;
            instants += tier.kind == TierKind::label && annotation.start == annotation.end ? 1 : 0;
        }
    }
    QStringList sentences{tr("%1 in %2 came from %3.").arg(counted(count, tr("1 annotation"), tr("%1 annotations")), counted(tiers.size(), tr("1 tier"), tr("%1 tiers")), fileName(file))};
    if (same > 0)
        sentences += counted(same, tr("One tier was there already."), tr("%1 tiers were there already."));
    if (read.how == EafPlacement::byVideo)
        sentences += tr("Times are those of the video %1, by its clock here.").arg(QString::fromStdString(read.video));
    if (read.how == EafPlacement::asItIs && read.hasVideos)
        sentences += tr("None of the recording's videos is linked in it: ELAN's zero was taken for the recording's, so look whether a label lies where it should.");
    if (outside > 0)
        sentences += counted(outside, tr("One lies outside the recording."), tr("%1 lie outside the recording."));
    if (instants > 0)
        sentences += counted(instants, tr("One has no length."), tr("%1 have no length."));
    Q_EMIT told(sentences.join(QLatin1Char(' ')), outside + instants > 0 || (read.how == EafPlacement::asItIs && read.hasVideos));
}

void LabelFiles::exportTo(const fs::path &file)
{
    m_annotator.endOpenLabel();
    const std::shared_ptr<const Recording> recording = m_session.open().recording;
    if (!recording)
        return;
    m_writing.ask<Written>([file, recording](const TaskContext &, const std::function<void(Written)> &) { return writeLabels(file, *recording); },
                           [this, file](const Written &written) {
                               QStringList sentences{tr("%1 in %2 were written to %3.").arg(counted(written.annotations, tr("1 annotation"), tr("%1 annotations")), counted(written.tiers, tr("1 tier"), tr("%1 tiers")), fileName(file))};
                               if (written.eaf.roundedBorders > 0)
                                   sentences += tr("ELAN counts whole milliseconds: %1 borders were rounded.").arg(written.eaf.roundedBorders);
                               const bool isUnlinked = written.hasMedia && !written.eaf.isMediaLinked;
                               if (isUnlinked)
                                   sentences += tr("Labels begin before the video, which ELAN cannot show: no video is linked.");
                               Q_EMIT told(sentences.join(QLatin1Char(' ')), isUnlinked);
                           });
}

} // namespace kino
