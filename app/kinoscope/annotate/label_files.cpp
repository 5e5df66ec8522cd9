#include "app/kinoscope/annotate/label_files.h"

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/commands.h"
#include "core/base/error.h"
#include "core/base/files.h"
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

Written writeLabels(const fs::path &file, const Recording &recording, const TierVocabularies &vocabularies)
{
    Written written;
    written.tiers = recording.tiers.size();
    for (const AnnotationTier &tier : recording.tiers)
        written.annotations += tier.annotations.size();
    if (file.extension() == ".eaf") {
        const std::optional<EafMedia> media = mediaOf(recording);
        written.hasMedia = media.has_value();
        written.eaf = writeEaf(file, recording.tiers, media, vocabularies);
    } else if (file.extension() == ".csv") {
        writeAnnotationCsv(file, recording.tiers);
    } else {
        throw Error(file, "labels are written as .csv or .eaf; give the file one of these endings");
    }
    return written;
}

} // namespace

/** Of a file, on the recording's clock. */
struct LabelFiles::Read {
    ImportedTiers imported;
    EafPlacement how = EafPlacement::asWritten;
    std::string video;
    bool hasVideos = false;
};

/** What is known of an import so far; it goes to and fro between the threads. */
struct LabelFiles::Import {
    fs::path file;
    qint64 recording = 0;
    std::shared_ptr<const Recording> placedOn; // the recording, with its clocks, that the file was read for
    std::shared_ptr<const Read> read;
    std::optional<ImportedTier> known; // the person's answer
};

/** What a worker made of it. */
struct LabelFiles::Made {
    std::shared_ptr<const Recording> placedOn;
    std::shared_ptr<const Read> read;
    std::shared_ptr<PreparedEdit> edit; // nullptr where nothing is new, or the person is to be asked first
    QStringList known;
    std::size_t same = 0;
    std::size_t tiers = 0;
    std::size_t annotations = 0;
    std::size_t outside = 0;
    std::size_t instants = 0;
};

namespace {

struct Counted {
    std::size_t annotations = 0;
    std::size_t outside = 0;
    std::size_t instants = 0;
};

Counted countedOf(const std::vector<AnnotationTier> &tiers, const Recording &recording)
{
    Counted counted;
    for (const AnnotationTier &tier : tiers) {
        for (const Annotation &annotation : tier.annotations) {
            ++counted.annotations;
            counted.outside += annotation.start < recording.start() || annotation.end > recording.end() ? 1 : 0;
            counted.instants += tier.kind == TierKind::label && annotation.start == annotation.end ? 1 : 0;
        }
    }
    return counted;
}

} // namespace

LabelFiles::LabelFiles(Session &session, Annotator &annotator, Commands &commands, TaskRunner &runner, QWidget &window)
    : QObject(&window), m_session(session), m_annotator(annotator), m_runner(runner), m_window(window), m_reading(runner, this), m_writing(runner, this),
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
    connect(commands.exportLabels, &QAction::triggered, this, [this] { askAndExport(); });
}

void LabelFiles::askAndExport(const std::optional<QString> &tier)
{
    const Recording *recording = m_session.recording();
    if (!recording)
        return;
    std::string name = recording->path.stem().string();
    if (tier)
        name += "_" + plainFileName(tier->toStdString());
    QString filter;
    QString file = QFileDialog::getSaveFileName(&m_window, tier ? tr("Save tier \u201c%1\u201d").arg(*tier) : tr("Export labels"), QDir::home().filePath(QString::fromStdString(name) + QStringLiteral(".csv")),
                                                tr("CSV (*.csv);;ELAN (*.eaf)"), &filter);
    if (file.isEmpty())
        return;
    if (const QString suffix = QFileInfo(file).suffix(); suffix != QLatin1String("csv") && suffix != QLatin1String("eaf"))
        file += filter.contains(QLatin1String("eaf")) ? QStringLiteral(".eaf") : QStringLiteral(".csv");
    exportTo(file.toStdString(), tier);
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
    if (m_session.recording())
        prepare({file, m_session.open().id, nullptr, nullptr, std::nullopt});
}

void LabelFiles::prepare(Import import)
{
    std::optional<EditBasis> basis = m_annotator.editBasis();
    if (!basis)
        return;
    const auto work = [import, basis = std::make_shared<const EditBasis>(std::move(*basis))](const TaskContext &, const std::function<void(Made)> &) {
        Made made;
        made.placedOn = basis->shown;
        made.read = import.placedOn == basis->shown ? import.read : nullptr;
        if (!made.read) {
            auto read = std::make_shared<Read>();
            if (import.file.extension() == ".eaf") {
                PlacedTiers placed = placeOnRecording(readEafDocument(import.file), *basis->shown);
                *read = {{std::move(placed.tiers), std::move(placed.vocabularies), true, kNanosPerMillisecond}, placed.how, placed.video, !basis->shown->videos.empty()};
            } else {
                read->imported.tiers = readAnnotationFile(import.file);
            }
            made.read = std::move(read);
        }
        AnnotationSet set(basis->tiers);
        const NewTiers fresh = newTiersOf(made.read->imported, set);
        made.same = fresh.same;
        made.tiers = fresh.tiers.tiers.size();
        for (const std::string &name : fresh.known)
            made.known += QString::fromStdString(name);
        const Counted counted = countedOf(fresh.tiers.tiers, *basis->shown);
        made.annotations = counted.annotations;
        made.outside = counted.outside;
        made.instants = counted.instants;
        if (made.tiers == 0 || (!made.known.isEmpty() && !import.known))
            return made;
        AnnotationIds ids = basis->ids;
        ImportedLabelSets labelSets = placeLabelSets(fresh.tiers.vocabularies, basis->labelSets, [&] { return freeLabelSetId(ids, basis->labelSets); });
        AnnotationEdit edit = importTiers(set, ids, fresh.tiers, labelSets, import.known.value_or(ImportedTier::keepBoth), "Import labels");
        made.edit = prepareEdit(*basis, std::move(set), std::move(edit), ids, std::move(labelSets.added));
        return made;
    };
    m_reading.ask<Made>(work, [this, import](const Made &made) { take(import, made); });
}

void LabelFiles::take(Import import, const Made &made)
{
    if (m_session.open().id != import.recording) {
        Q_EMIT told(tr("Another recording is shown now; the labels of %1 were not taken.").arg(fileName(import.file)), true);
        return;
    }
    import.placedOn = made.placedOn;
    import.read = made.read;
    if (made.tiers == 0) {
        Q_EMIT told(made.same > 0 ? tr("All labels of %1 are there already; nothing was changed.").arg(fileName(import.file)) : tr("There are no labels in %1.").arg(fileName(import.file)), made.same == 0);
        return;
    }
    if (!made.edit) {
        import.known = m_ask(made.known);
        if (import.known)
            prepare(std::move(import));
        return;
    }
    switch (m_annotator.take(*made.edit)) {
    case Annotator::Taken::done: tell(import, made); break;
    case Annotator::Taken::outdated: prepare(std::move(import)); break; // what is there now decides
    case Annotator::Taken::refused: break;
    }
    // What was replaced is let go of where it holds nobody up.
    m_runner.runAside([old = std::make_shared<PreparedEdit>(std::move(*made.edit))]() mutable { old.reset(); });
}

void LabelFiles::tell(const Import &import, const Made &made)
{
    QStringList sentences{tr("%1 in %2 came from %3.").arg(counted(made.annotations, tr("1 annotation"), tr("%1 annotations")), counted(made.tiers, tr("1 tier"), tr("%1 tiers")), fileName(import.file))};
    if (made.same > 0)
        sentences += counted(made.same, tr("One tier was there already."), tr("%1 tiers were there already."));
    const std::size_t labelSets = made.edit->labelSets.size();
    if (labelSets > 0)
        sentences += counted(labelSets, tr("A label set came with it."), tr("%1 label sets came with it."));
    const bool isUnplaced = made.read->how == EafPlacement::asItIs && made.read->hasVideos;
    if (made.read->how == EafPlacement::byVideo)
        sentences += tr("Times are those of the video %1, by its clock here.").arg(QString::fromStdString(made.read->video));
    if (isUnplaced)
        sentences += tr("None of the recording's videos is linked in it: ELAN's zero was taken for the recording's, so look whether a label lies where it should.");
    if (made.outside > 0)
        sentences += counted(made.outside, tr("One lies outside the recording."), tr("%1 lie outside the recording."));
    if (made.instants > 0)
        sentences += counted(made.instants, tr("One has no length."), tr("%1 have no length."));
    Q_EMIT told(sentences.join(QLatin1Char(' ')), made.outside + made.instants > 0 || isUnplaced);
}

void LabelFiles::exportTo(const fs::path &file, const std::optional<QString> &tier)
{
    m_annotator.endOpenLabel();
    std::shared_ptr<const Recording> recording = m_session.open().recording;
    if (!recording)
        return;
    std::vector<StoredTier> stored = m_annotator.set() ? m_annotator.set()->tiers() : std::vector<StoredTier>();
    if (tier) {
        const auto isOther = [name = tier->toStdString()](const auto &each) { return each.name != name; };
        auto some = std::make_shared<Recording>(*recording);
        std::erase_if(some->tiers, isOther);
        std::erase_if(stored, isOther);
        recording = std::move(some);
    }
    const TierVocabularies vocabularies = m_annotator.set() ? vocabulariesOf(stored, m_annotator.labelSets()) : TierVocabularies();
    m_writing.ask<Written>([file, recording, vocabularies](const TaskContext &, const std::function<void(Written)> &) { return writeLabels(file, *recording, vocabularies); },
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
