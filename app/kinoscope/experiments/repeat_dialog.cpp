#include "app/kinoscope/experiments/repeat_dialog.h"

#include "app/kinoscope/experiments/job_words.h"
#include "widgets/style/theme.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace kino {
namespace {

constexpr std::size_t kMostNamed = 12, kMostExamples = 6;

QString dialogWords(const char *english) { return QCoreApplication::translate("RepeatDialog", english); }
QString text(std::string_view utf8) { return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())); }
QString labelText(const std::string &label) { return label.empty() ? dialogWords("no label") : text(label); }
QString count(std::size_t number) { return number == 0 ? QStringLiteral("\u2013") : QString::number(number); }

DetailRow heading(const QStringList &columns)
{
    DetailRow row;
    row.values = columns;
    row.isHeading = true;
    return row;
}

DetailRow row(const QString &label, const QStringList &values)
{
    DetailRow made;
    made.label = label;
    made.values = values;
    made.tip = label;
    return made;
}

std::size_t allOf(const WindowDifference::Count &count) { return count.added + count.removed + count.relabelledTo + count.relabelledFrom + count.moved; }

/** Most changed first. */
std::vector<std::pair<std::string, WindowDifference::Count>> byChange(const std::map<std::string, WindowDifference::Count> &counts)
{
    std::vector<std::pair<std::string, WindowDifference::Count>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::greater<>{}, [](const auto &each) { return allOf(each.second); });
    return sorted;
}

QString placeText(const WindowLine &line)
{
    const QString time = dialogWords("%1 s").arg(static_cast<double>(line.startNs) * 1e-9, 0, 'f', 3);
    return text(line.recording) + (line.device.empty() ? QString() : QStringLiteral(", ") + text(line.device)) + dialogWords(" at %1").arg(time);
}

void addRest(DetailSection &section, std::size_t all)
{
    if (all > section.rows.size())
        section.rows.push_back(row(dialogWords("and %1 more").arg(all - section.rows.size()), {}));
}

void addExamples(std::vector<DetailSection> &sections, const QString &title, std::size_t all, const std::function<DetailRow(std::size_t)> &rowAt)
{
    if (all == 0)
        return;
    DetailSection section{title, {}};
    for (std::size_t place = 0; place < std::min(all, kMostExamples); ++place)
        section.rows.push_back(rowAt(place * all / std::min(all, kMostExamples)));
    addRest(section, all);
    sections.push_back(std::move(section));
}

} // namespace

std::vector<DetailSection> differenceSections(const WindowDifference &difference)
{
    std::vector<DetailSection> sections;
    DetailSection parts{dialogWords("Windows"), {heading({dialogWords("then"), dialogWords("today")})}};
    for (const SplitPart part : {SplitPart::train, SplitPart::validation, SplitPart::test}) {
        const auto place = static_cast<std::size_t>(part);
        parts.rows.push_back(row(text(splitPartName(part)), {QString::number(difference.before[place]), QString::number(difference.after[place])}));
    }
    sections.push_back(std::move(parts));
    if (difference.isEmpty())
        return sections;
    DetailSection classes{dialogWords("By class"), {heading({dialogWords("added"), dialogWords("removed"), dialogWords("from others"), dialogWords("to others")})}};
    const auto byClass = byChange(difference.byClass);
    for (std::size_t place = 0; place < std::min(byClass.size(), kMostNamed); ++place) {
        const auto &[label, changes] = byClass[place];
        classes.rows.push_back(row(labelText(label), {count(changes.added), count(changes.removed), count(changes.relabelledTo), count(changes.relabelledFrom)}));
    }
    addRest(classes, byClass.size() + 1);
    sections.push_back(std::move(classes));
    DetailSection recordings{dialogWords("By recording"), {heading({dialogWords("added"), dialogWords("removed"), dialogWords("relabelled"), dialogWords("other part")})}};
    const auto byRecording = byChange(difference.byRecording);
    for (std::size_t place = 0; place < std::min(byRecording.size(), kMostNamed); ++place) {
        const auto &[recording, changes] = byRecording[place];
        recordings.rows.push_back(row(text(recording), {count(changes.added), count(changes.removed), count(changes.relabelledTo), count(changes.moved)}));
    }
    addRest(recordings, byRecording.size() + 1);
    sections.push_back(std::move(recordings));
    addExamples(sections, dialogWords("Relabelled, for example"), difference.relabelled.size(), [&](std::size_t place) {
        const auto &[was, is] = difference.relabelled[place];
        return row(placeText(is), {dialogWords("%1 \u2192 %2").arg(labelText(was.label), labelText(is.label))});
    });
    addExamples(sections, dialogWords("Added, for example"), difference.added.size(), [&](std::size_t place) {
        return row(placeText(difference.added[place]), {labelText(difference.added[place].label)});
    });
    addExamples(sections, dialogWords("Removed, for example"), difference.removed.size(), [&](std::size_t place) {
        return row(placeText(difference.removed[place]), {labelText(difference.removed[place].label)});
    });
    addExamples(sections, dialogWords("In another part, for example"), difference.moved.size(), [&](std::size_t place) {
        const auto &[was, is] = difference.moved[place];
        return row(placeText(is), {dialogWords("%1 \u2192 %2").arg(text(splitPartName(was.part)), text(splitPartName(is.part)))});
    });
    return sections;
}

RepeatDialog::RepeatDialog(std::filesystem::path project, JobDetail run, TaskRunner &runner, QWidget *parent)
    : QDialog(parent), m_run(run.row.id), m_sentence(new QLabel(this)), m_facts(new DetailsView(this)), m_submit(new QPushButton(tr("&Add to queue"), this)),
      m_line(new TaskLine(runner, this))
{
    setWindowTitle(tr("Run again on today's labels"));
    setObjectName(QStringLiteral("repeat"));
    resize(620, 620);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *name = new QLabel(tr("%1 (%2)").arg(jobName(run.row)).arg(m_run), this);
    name->setContentsMargins(12, 12, 12, 0);
    name->setProperty("role", QStringLiteral("dim"));
    column->addWidget(name);
    m_sentence->setWordWrap(true);
    m_sentence->setContentsMargins(12, 4, 12, 8);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sentence->setText(tr("Reading the recordings to cut their windows anew"));
    column->addWidget(m_sentence);
    column->addWidget(makeHairline(this));
    m_facts->setAccessibleName(tr("What differs"));
    column->addWidget(m_facts, 1);
    column->addWidget(makeHairline(this));
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(12, 8, 12, 12);
    foot->setSpacing(8);
    foot->addStretch(1);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    m_submit->setProperty("look", QStringLiteral("primary"));
    m_submit->setEnabled(false);
    foot->addWidget(cancel);
    foot->addWidget(m_submit);
    column->addLayout(foot);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        Q_EMIT repeatWanted(m_run, m_note);
        accept();
    });
    connect(m_line, &TaskLine::busyChanged, this, &RepeatDialog::settledChanged);
    connect(m_line, &TaskLine::progressed, this, [this](double fraction, const QString &what) {
        m_sentence->setText(tr("Reading the recordings to cut their windows anew: %1 %, %2").arg(qRound(100 * fraction)).arg(what));
    });
    m_line->onFailure([this](const QString &sentence, const QString &) { m_sentence->setText(sentence); });
    m_line->ask<WindowsToday>([project = std::move(project), run = std::move(run)](const TaskContext &context, const auto &) {
        return compareWithToday(project, run, context.cancel, context.progress);
    }, [this](const WindowsToday &today) { take(today); });
}

void RepeatDialog::take(const WindowsToday &today)
{
    const QString difference = text(differenceSentence(today.difference));
    QStringList lines{difference + QLatin1Char('.')};
    for (std::size_t place = 0; place < std::min(today.failures.size(), kMostExamples); ++place)
        lines += text(today.failures[place].message);
    m_sentence->setText(lines.join(QLatin1Char('\n')));
    m_note = tr("Run %1 again, on the labels of that day: %2.").arg(m_run).arg(difference);
    m_facts->setSections(differenceSections(today.difference));
    m_submit->setEnabled(true);
    m_submit->setFocus();
}

} // namespace kino
