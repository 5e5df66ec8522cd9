#include "app/kinoscope/experiments/run_detail_panel.h"

#include "app/kinoscope/experiments/job_words.h"
#include "app/kinoscope/texts.h"
#include "core/jobs/specification/specification.h"
#include "widgets/style/theme.h"

#include <QDateTime>
#include <QFontDatabase>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace kino {
namespace {

using Json = nlohmann::json;

/** What rows lead to, before its number or name. */
constexpr const char *kCellTarget = "cell:";
constexpr const char *kScoreTarget = "score:";


QString timeText(Nanos atNs) { return QDateTime::fromMSecsSinceEpoch(atNs / kNanosPerMillisecond).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")); }

QString valueOf(const Json &value)
{
    if (value.is_string())
        return text(value.get<std::string>());
    if (value.is_number())
        return numberCellText(value.get<double>());
    if (value.is_null())
        return QStringLiteral("\u2013");
    if (value.is_array()) {
        QStringList parts;
        for (const Json &each : value)
            parts += valueOf(each);
        return parts.isEmpty() ? QObject::tr("none") : parts.join(QStringLiteral(", "));
    }
    return text(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

DetailRow row(const QString &label, const QString &value)
{
    DetailRow made;
    made.label = label;
    made.values = {value};
    made.tip = value;
    return made;
}

DetailRow sentence(const QString &words, Mark mark)
{
    DetailRow made;
    made.label = words;
    made.mark = mark;
    made.isSentence = true;
    return made;
}

/** Names with plain values, one below the other. */
void addObject(DetailSection &section, const Json &object)
{
    if (!object.is_object())
        return;
    for (const auto &[key, value] : object.items()) {
        if (!value.is_object())
            section.rows.push_back(row(text(key).replace(QLatin1Char('_'), QLatin1Char(' ')), valueOf(value)));
    }
}

QString lineageWords(Lineage role, bool isParent)
{
    switch (role) {
    case Lineage::weights: return isParent ? QObject::tr("weights from") : QObject::tr("gave weights to");
    case Lineage::study: return isParent ? QObject::tr("a run of") : QObject::tr("its run");
    case Lineage::clone: return isParent ? QObject::tr("made from") : QObject::tr("copied to");
    }
    return {};
}

void addRelatives(DetailSection &section, const std::vector<JobRelative> &relatives, bool areParents)
{
    constexpr std::size_t kMost = 40;
    for (std::size_t each = 0; each < std::min(relatives.size(), kMost); ++each) {
        const JobRelative &relative = relatives[each];
        DetailRow made = row(lineageWords(relative.role, areParents), QObject::tr("%1 (%2), %3").arg(text(relative.name)).arg(relative.id).arg(runStateText(runStateOf(relative.state))));
        made.target = QString::number(relative.id);
        section.rows.push_back(std::move(made));
    }
    if (relatives.size() > kMost)
        section.rows.push_back(row({}, QObject::tr("and %1 more").arg(relatives.size() - kMost)));
}

/** "0.536 ± 0.021" over seeds. */
QString scoreText(const Json &score)
{
    const Json *mean = valueAt(score, "mean");
    if (!mean || !mean->is_number())
        return QStringLiteral("\u2013");
    Spread spread;
    spread.mean = mean->get<double>();
    if (const Json *deviation = valueAt(score, "over_seeds.deviation"); deviation && deviation->is_number())
        spread.deviation = deviation->get<double>();
    return spreadText(spread);
}

/** Three places are what a score is worth, and what the panel has room for. */
QString scoreDigits(double score) { return QString::number(score, 'f', 3).replace(QLatin1Char('-'), QChar(0x2212)); }

QString intervalText(const Json *interval)
{
    const Json *low = interval ? valueAt(*interval, "low") : nullptr, *high = interval ? valueAt(*interval, "high") : nullptr;
    if (!low || !high || !low->is_number() || !high->is_number())
        return QStringLiteral("\u2013");
    return QStringLiteral("[%1, %2]").arg(scoreDigits(low->get<double>()), scoreDigits(high->get<double>()));
}

/** Its cells, each a click away from its runs, and what differs between them. */
void addStudy(std::vector<DetailSection> &sections, JobId study, const Json &result)
{
    DetailSection cells{QObject::tr("Cells: macro-F1, mean of the seeds"), {}};
    DetailRow heading;
    heading.values = {QObject::tr("\u00b1 over seeds"), QObject::tr("95 % over subjects")};
    heading.isHeading = true;
    cells.rows.push_back(heading);
    std::map<std::int64_t, QString> names;
    for (const Json &cell : result.at("cells")) {
        const auto number = cell.value("cell", std::int64_t{0});
        names[number] = text(cell.value("name", std::string()));
        DetailRow made;
        made.label = names[number].isEmpty() ? QObject::tr("cell %1").arg(number) : names[number];
        const Json score = cell.value("macro_f1", Json());
        made.values = {scoreText(score), intervalText(valueAt(score, "over_subjects"))};
        made.tip = QObject::tr("%1: %2 of %3 runs are done; a click shows them and their confusion").arg(made.label).arg(cell.value("done", 0)).arg(cell.value("of", 0));
        made.target = QLatin1String(kCellTarget) + QStringLiteral("%1:%2").arg(study).arg(number);
        cells.rows.push_back(std::move(made));
    }
    sections.push_back(std::move(cells));
    DetailSection differences;
    for (const Json &difference : result.value("differences", Json::array())) {
        if (difference.value("score", std::string()) != "macro_f1" || !difference.value("mean", Json()).is_number())
            continue;
        DetailRow made;
        // All are against the same cell: it stands above them, so that what is compared can be read.
        const QString against = names[difference.value("against", std::int64_t{0})];
        differences.title = QObject::tr("Macro-F1 less that of %1").arg(against);
        made.label = names[difference.value("cell", std::int64_t{0})];
        const double mean = difference.at("mean").get<double>();
        made.values = {(mean > 0 ? QStringLiteral("+") : QString()) + scoreDigits(mean) + QStringLiteral("  ") + intervalText(valueAt(difference, "interval"))};
        made.tip = QObject::tr("%1 less %2: mean and 95 % interval, paired by subject and seed, over %3 subjects and %4 seeds")
                       .arg(made.label, against)
                       .arg(difference.value("subjects", 0))
                       .arg(difference.value("seeds", 0));
        differences.rows.push_back(std::move(made));
    }
    if (!differences.rows.empty())
        sections.push_back(std::move(differences));
}

QString logText(const std::vector<JobLogLine> &lines)
{
    QStringList rows;
    for (const JobLogLine &line : lines) {
        const QString level = line.level == JobLogLevel::error ? QObject::tr("error: ") : line.level == JobLogLevel::warning ? QObject::tr("warning: ") : QString();
        rows += QDateTime::fromMSecsSinceEpoch(line.atNs / kNanosPerMillisecond).toString(QStringLiteral("HH:mm:ss  ")) + level + text(line.text);
    }
    return rows.join(QLatin1Char('\n'));
}

QPlainTextEdit *reader(const QString &name, QWidget *parent)
{
    auto *edit = new QPlainTextEdit(parent);
    edit->setReadOnly(true);
    edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    edit->setAccessibleName(name);
    edit->setFrameShape(QFrame::NoFrame);
    edit->setTabChangesFocus(true);
    return edit;
}

void setKeepingPlace(QPlainTextEdit &edit, const QString &text)
{
    if (edit.toPlainText() == text)
        return;
    QScrollBar *bar = edit.verticalScrollBar();
    const bool isAtEnd = bar->value() >= bar->maximum() - 1;
    const int place = bar->value();
    edit.setPlainText(text);
    bar->setValue(isAtEnd ? bar->maximum() : place);
}

} // namespace

std::vector<DetailSection> runSections(const RunDetailState &state)
{
    const JobDetail &detail = state.detail;
    const JobRow &job = detail.row;
    std::vector<DetailSection> sections;
    DetailSection about{jobName(job), {}};
    about.rows.push_back(row(QObject::tr("job"), QObject::tr("%1, %2").arg(job.id).arg(text(job.kind))));
    about.rows.push_back(row(QObject::tr("state"), runStateText(runStateOf(job.state))));
    if (job.error)
        about.rows.push_back(sentence(text(*job.error), job.state == JobState::failed ? Mark::bad : Mark::warning));
    if (isActive(job.state) || job.state == JobState::paused)
        about.rows.push_back(row(QObject::tr("progress"), QObject::tr("%1 %   %2").arg(static_cast<int>(job.progress * 100)).arg(statusWords(job))));
    if (job.seed)
        about.rows.push_back(row(QObject::tr("seed"), QString::number(*job.seed)));
    about.rows.push_back(row(QObject::tr("submitted"), timeText(job.createdAtNs)));
    if (job.startedAtNs)
        about.rows.push_back(row(QObject::tr("started"), timeText(*job.startedAtNs)));
    if (job.finishedAtNs)
        about.rows.push_back(row(QObject::tr("ended"), timeText(*job.finishedAtNs)));
    if (job.workedSeconds > 0)
        about.rows.push_back(row(QObject::tr("worked"), job.workedSeconds < 60 ? QObject::tr("%1 s").arg(qRound64(job.workedSeconds)) : secondsWords(job.workedSeconds)));
    if (job.attempts > 1)
        about.rows.push_back(row(QObject::tr("attempts"), QString::number(job.attempts)));
    if (!job.tags.empty()) {
        QStringList tags;
        for (const std::string &tag : job.tags)
            tags += text(tag);
        about.rows.push_back(row(QObject::tr("tags"), tags.join(QStringLiteral(", "))));
    }
    if (!job.notes.empty())
        about.rows.push_back(sentence(text(job.notes), Mark::none));
    sections.push_back(std::move(about));

    if (detail.result.is_object() && detail.result.contains("cells")) {
        addStudy(sections, job.id, detail.result);
    } else if (detail.result.is_object()) {
        DetailSection result{QObject::tr("Result"), {}};
        addObject(result, detail.result.value("metrics", Json()));
        if (std::ranges::find(detail.artifacts, "predictions.csv", &JobArtifact::path) != detail.artifacts.end()) {
            for (DetailRow &each : result.rows) {
                if (each.label.startsWith(QLatin1String("test."))) {
                    each.target = QLatin1String(kScoreTarget) + each.label;
                    each.tip += QLatin1Char('\n') + QObject::tr("A click shows the confusion behind it");
                }
            }
        }
        if (const Json leakage = detail.result.value("leakage", Json()); leakage.is_object()) {
            const Json *clean = valueAt(leakage, "clean");
            const bool isClean = !clean || !clean->is_boolean() || clean->get<bool>();
            DetailRow verdict = row(QObject::tr("leakage"), isClean ? QObject::tr("none") : QObject::tr("test data are known from training"));
            verdict.mark = isClean ? Mark::good : Mark::bad;
            result.rows.push_back(std::move(verdict));
        }
        sections.push_back(std::move(result));
    }

    DetailSection made{QObject::tr("How it was made"), {}};
    addRelatives(made, detail.parents, true);
    if (detail.complete.is_object()) {
        try {
            for (const QString &line : text(specificationSummary(detail.complete)).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
                const qsizetype gap = line.indexOf(QStringLiteral("  "));
                if (gap > 0)
                    made.rows.push_back(row(line.left(gap), line.mid(gap).trimmed()));
            }
        } catch (const std::exception &) {
            // Of another version of the program: the specification itself is on its page.
        }
    }
    if (job.fingerprint)
        made.rows.push_back(row(QObject::tr("data"), text(*job.fingerprint)));
    addObject(made, detail.environment);
    sections.push_back(std::move(made));

    if (!detail.artifacts.empty()) {
        DetailSection files{QObject::tr("Files"), {}};
        for (const JobArtifact &artifact : detail.artifacts)
            files.rows.push_back(row(text(artifact.name), QObject::tr("%1, %2").arg(text(artifact.path), QLocale(QLocale::English).formattedDataSize(static_cast<qint64>(artifact.bytes)))));
        sections.push_back(std::move(files));
    }
    if (!detail.children.empty()) {
        DetailSection children{QObject::tr("What came of it"), {}};
        addRelatives(children, detail.children, false);
        sections.push_back(std::move(children));
    }
    return sections;
}

RunDetailPanel::RunDetailPanel(JobFeed &feed, QWidget *parent)
    : QWidget(parent), m_facts(new DetailsView(this)), m_log(reader(tr("Log"), this)), m_specification(reader(tr("Specification"), this)), m_tabs(new QTabWidget(this)),
      m_empty(new QLabel(this))
{
    setProperty("panel", QStringLiteral("side"));
    setAttribute(Qt::WA_StyledBackground);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Parts of the run"));
    m_tabs->tabBar()->setAccessibleName(m_tabs->accessibleName());
    m_facts->setAccessibleName(tr("Facts of the run"));
    m_tabs->addTab(m_facts, tr("Overview"));
    m_tabs->addTab(m_log, tr("Log"));
    m_tabs->addTab(m_specification, tr("Specification"));
    m_empty->setText(tr("Choose a run or a job to see its result, how it was made, its log and its specification."));
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setMargin(16);
    m_empty->setProperty("role", QStringLiteral("dim"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_empty, 1);
    column->addWidget(m_tabs, 1);
    connect(&feed, &JobFeed::detailChanged, this, [this, from = &feed] { show(from->detail().get()); });
    connect(m_facts, &DetailsView::rowActivated, this, [this](const QString &target) {
        if (const qint64 id = target.toLongLong(); id != 0)
            Q_EMIT jobWanted(id);
        else if (target.startsWith(QLatin1String(kCellTarget)))
            Q_EMIT cellWanted(target.section(QLatin1Char(':'), 1, 1).toLongLong(), target.section(QLatin1Char(':'), 2, 2).toLongLong());
        else if (target.startsWith(QLatin1String(kScoreTarget)))
            Q_EMIT confusionWanted();
    });
    show(nullptr);
}

void RunDetailPanel::show(const RunDetailState *state)
{
    m_empty->setVisible(!state);
    m_tabs->setVisible(state);
    if (!state)
        return;
    m_facts->setSections(runSections(*state));
    setKeepingPlace(*m_log, state->log.empty() ? tr("Nothing has been logged yet.") : logText(state->log));
    setKeepingPlace(*m_specification, text(orderedSpecification(state->detail.complete.is_object() ? state->detail.complete : state->detail.specification).dump(2)));
}

} // namespace kino
