#include "app/kinoscope/experiments/job_estimate.h"

#include "app/kinoscope/experiments/job_words.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>

#include <cmath>

namespace kino {
namespace {

using Json = nlohmann::json;

QString estimateWords(const char *english) { return QCoreApplication::translate("JobEstimate", english); }

double figure(const Json &estimate, const char *group, const char *key) { return estimate.at(group).at(key).get<double>(); }
QString count(double value) { return QLocale(QLocale::English).toString(value, 'f', 0); }
QString bytes(double value) { return QLocale(QLocale::English).formattedDataSize(static_cast<qint64>(value), value < 1e9 ? 0 : 1, QLocale::DataSizeSIFormat); }
QString duration(double seconds) { return seconds < 9.95 ? estimateWords("%1 s").arg(seconds, 0, 'f', 1) : seconds < 60 ? estimateWords("%1 s").arg(qRound64(seconds)) : secondsWords(seconds); }

QString timeText(const Json &estimate)
{
    const QString all = duration(figure(estimate, "seconds", "all")), low = duration(figure(estimate, "seconds", "low")), high = duration(figure(estimate, "seconds", "high"));
    return low == high ? all : estimateWords("%1 (%2 to %3)").arg(all, low, high);
}

QString stepText(const Json &run)
{
    const auto milliseconds = [&run](const char *key) {
        const double value = 1000 * figure(run, "step_seconds", key);
        return value < 10 ? QString::number(value, 'f', 1) : count(std::round(value));
    };
    return estimateWords("%1 steps of %2 ms (%3 to %4)").arg(count(figure(run, "steps", "all")), milliseconds("median"), milliseconds("low"), milliseconds("high"));
}

QString runDetails(const Json &run)
{
    QStringList lines;
    lines += estimateWords("%1 windows train, %2 validate, %3 test").arg(count(figure(run, "windows", "train")), count(figure(run, "windows", "validation")), count(figure(run, "windows", "test")));
    lines += estimateWords("%1 parameters, %2 of them trained").arg(count(figure(run, "parameters", "all")), count(figure(run, "parameters", "trained")));
    lines += estimateWords("%1 steps in the first of %2 epochs").arg(count(figure(run, "steps", "first_epoch")), count(figure(run, "steps", "epochs")));
    lines += estimateWords("%1 steps timed after %2 to warm up, %3 threads")
                 .arg(count(figure(run, "step_seconds", "timed")), count(figure(run, "step_seconds", "warm_up")), QString::number(run.at("threads").get<int>()));
    lines += estimateWords("time: %1 loading, %2 training, %3 judging").arg(duration(figure(run, "seconds", "loading")), duration(figure(run, "seconds", "training")), duration(figure(run, "seconds", "evaluation")));
    lines += estimateWords("memory: data %1, weights %2, gradients %3, optimizer %4")
                 .arg(bytes(figure(run, "memory", "data_bytes")), bytes(figure(run, "memory", "weights_bytes")), bytes(figure(run, "memory", "gradient_bytes")),
                      bytes(figure(run, "memory", "optimizer_bytes")));
    lines += estimateWords("disk: a checkpoint %1, weights %2").arg(bytes(figure(run, "disk", "checkpoint_bytes")), bytes(figure(run, "disk", "weights_bytes")));
    for (const Json &note : run.at("notes"))
        lines += QString::fromStdString(note.get<std::string>());
    return lines.join(QLatin1Char('\n'));
}

bool isProgress(const QByteArray &line) { return !line.isEmpty() && (line[0] == '0' || line[0] == '1') && (line.size() == 1 || line[1] == '.' || line[1] == ' '); }

} // namespace

QString estimateText(const Json &estimate)
{
    const QString room = estimateWords("memory %1, disk %2").arg(bytes(figure(estimate, "memory", "peak_bytes")), bytes(figure(estimate, "disk", "most_bytes")));
    const QString gap = QStringLiteral("   ");
    if (estimate.at("kind") != "study")
        return estimateWords("About %1").arg(timeText(estimate)) + gap + stepText(estimate) + gap + room;
    QStringList lines{estimateWords("About %1 for %2 runs one after another").arg(timeText(estimate), count(estimate.at("runs").get<double>())) + gap + room};
    constexpr std::size_t kMostNamed = 3;
    const Json &probes = estimate.at("probes");
    for (std::size_t place = 0; place < std::min(probes.size(), kMostNamed); ++place) {
        const QString name = QString::fromStdString(probes[place].at("name").get<std::string>());
        lines += estimateWords("%1: %2 each").arg(name.isEmpty() ? estimateWords("runs") : name, timeText(probes[place])) + gap + stepText(probes[place]);
    }
    if (probes.size() > kMostNamed)
        lines += estimateWords("and %1 more").arg(probes.size() - kMostNamed);
    return lines.join(QLatin1Char('\n'));
}

QString estimateDetails(const Json &estimate)
{
    if (estimate.at("kind") != "study")
        return runDetails(estimate);
    QStringList parts;
    for (const Json &probe : estimate.at("probes"))
        parts += QString::fromStdString(probe.at("name").get<std::string>()) + QLatin1Char('\n') + runDetails(probe);
    for (const Json &note : estimate.at("notes"))
        parts += QString::fromStdString(note.get<std::string>());
    return parts.join(QStringLiteral("\n\n")).trimmed();
}

JobEstimate::JobEstimate(QObject *parent) : QObject(parent) {}

JobEstimate::~JobEstimate() { letGo(); }

/** It is killed, not waited for: that can take longer than a handler may. */
void JobEstimate::letGo()
{
    m_messages.clear();
    m_file.reset();
    if (!m_process)
        return;
    m_process->disconnect(this);
    m_process->setParent(nullptr);
    connect(m_process, &QProcess::finished, m_process, &QObject::deleteLater);
    m_process->kill();
    m_process = nullptr;
}

void JobEstimate::start(const QString &program, const Json &specification, const std::filesystem::path &folder, const std::filesystem::path &project)
{
    letGo();
    m_file = std::make_unique<QTemporaryFile>(QDir::tempPath() + QStringLiteral("/kinoscope-estimate-XXXXXX.json"));
    const std::string text = specification.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (!m_file->open() || m_file->write(text.data(), static_cast<qint64>(text.size())) != static_cast<qint64>(text.size()) || !m_file->flush()) {
        m_file.reset();
        Q_EMIT failed(tr("%1 cannot be written; is the disk full?").arg(QDir::tempPath()));
        return;
    }
    m_process = new QProcess(this);
    m_process->setStandardInputFile(QProcess::nullDevice());
    connect(m_process, &QProcess::readyReadStandardError, this, &JobEstimate::readMessages);
    connect(m_process, &QProcess::finished, this, &JobEstimate::end);
    connect(m_process, &QProcess::errorOccurred, this, [this, program](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return; // its end tells of the others
        m_process->deleteLater();
        m_process = nullptr;
        Q_EMIT failed(tr("%1 could not be started.").arg(program));
    });
    m_process->start(program, {QStringLiteral("estimate"), m_file->fileName(), QStringLiteral("--folder"), QString::fromStdString(folder.string()), QStringLiteral("--project"),
                               QString::fromStdString(project.string()), QStringLiteral("--tell-progress"), QStringLiteral("--json")});
}

void JobEstimate::cancel() { letGo(); }

void JobEstimate::readMessages()
{
    m_process->setReadChannel(QProcess::StandardError);
    while (m_process->canReadLine()) {
        const QByteArray line = m_process->readLine().trimmed();
        if (isProgress(line))
            Q_EMIT progressed(line.left(line.indexOf(' ')).toDouble(), QString::fromUtf8(line.mid(line.indexOf(' ') + 1)));
        else if (!line.isEmpty())
            m_messages += QString::fromUtf8(line);
    }
}

void JobEstimate::end(int exitCode, QProcess::ExitStatus status)
{
    readMessages();
    QProcess *process = std::exchange(m_process, nullptr);
    process->deleteLater();
    m_file.reset();
    const QByteArray output = process->readAllStandardOutput();
    const Json estimate = Json::parse(output.begin(), output.end(), nullptr, /*allow_exceptions=*/false);
    if (status == QProcess::NormalExit && exitCode == 0 && estimate.is_object()) {
        Q_EMIT finished(estimate);
        return;
    }
    QString sentence = m_messages.isEmpty() ? tr("The estimate ended without a word; is there enough memory?") : m_messages.join(QLatin1Char('\n'));
    sentence.remove(QStringLiteral("kino: "));
    Q_EMIT failed(sentence);
}

} // namespace kino
