#include "app/kinoscope/experiments/job_corner.h"

#include "app/kinoscope/experiments/job_feed.h"
#include "app/kinoscope/experiments/job_words.h"
#include "widgets/controls/status_mark.h"
#include "widgets/style/text_painting.h"
#include "widgets/style/theme.h"

#include <QDateTime>
#include <QPainter>
#include <QPainterPath>

namespace kino {
namespace {

constexpr int kHeight = 24;
constexpr int kWidest = 300;
constexpr int kPadding = 12, kMarkWidth = 16;
constexpr int kNarrowest = 150;

} // namespace

JobCorner::JobCorner(JobFeed &feed, QWidget *parent) : QAbstractButton(parent), m_feed(feed), m_startedNs(QDateTime::currentMSecsSinceEpoch() * kNanosPerMillisecond)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Jobs"));
    hide();
    connect(&feed, &JobFeed::queueChanged, this, &JobCorner::showJobs);
    connect(this, &QAbstractButton::clicked, this, [this] {
        const qint64 job = m_job;
        if (m_isFailure) {
            m_seenFailure = job;
            showJobs();
        }
        Q_EMIT jobWanted(job);
    });
}

void JobCorner::showJobs()
{
    m_words.clear();
    m_progress = -1;
    m_isFailure = false;
    m_isInterrupted = false;
    m_job = 0;
    QString tip;
    // Names give way; how far it is and for how long it will go on are never cut.
    const auto withName = [this](const QString &name, const QString &rest) {
        const double room = kWidest - 2 * kPadding - kMarkWidth - 8 - tabularWidth(font(), QStringLiteral("  ") + rest);
        return QFontMetrics(font()).elidedText(name, Qt::ElideRight, static_cast<int>(room)) + QStringLiteral("  ") + rest;
    };
    if (const auto &state = m_feed.queue()) {
        const auto active = std::ranges::find_if(state->queue, [](const JobRow &job) { return isActive(job.state); });
        const auto waiting = std::ranges::count(state->queue, JobState::queued, &JobRow::state);
        // Of this session: an old failure is history.
        const auto failed = std::ranges::find_if(state->finished, [this](const QueueState::Finished &each) { return each.job.finishedAtNs.value_or(0) >= m_startedNs; });
        const bool hasFailed = failed != state->finished.end() && failed->job.state == JobState::failed && failed->job.id != m_seenFailure;
        if (active != state->queue.end()) {
            m_job = active->id;
            m_progress = active->progress;
            QStringList rest{tr("%1 %").arg(static_cast<int>(active->progress * 100))};
            if (active->secondsLeft)
                rest += shortSecondsWords(*active->secondsLeft);
            m_words = withName(jobName(*active), rest.join(QStringLiteral("  ")));
            tip = jobName(*active) + QLatin1Char('\n') + statusWords(*active);
            if (waiting > 0)
                tip += QLatin1Char('\n') + tr("%1 waiting").arg(waiting);
        } else if (!state->lost.empty() && state->afterCrash != ResumePolicy::never) {
            const JobRow &lost = state->lost.front().job;
            m_job = lost.id;
            m_isInterrupted = true;
            m_words = withName(jobName(lost), tr("interrupted"));
            tip = jobName(lost) + QLatin1Char('\n') + statusWords(lost);
        } else if (waiting > 0) {
            m_job = std::ranges::find(state->queue, JobState::queued, &JobRow::state)->id;
            m_words = tr("%1 waiting").arg(waiting);
        }
        if (hasFailed) {
            m_isFailure = true;
            if (active == state->queue.end()) {
                m_job = failed->job.id;
                m_words = withName(jobName(failed->job), tr("failed"));
            }
            tip = jobName(failed->job) + QStringLiteral(": ") + statusWords(failed->job) + (tip.isEmpty() ? QString() : QStringLiteral("\n\n") + tip);
        }
    }
    setVisible(!m_words.isEmpty());
    setToolTip(tip);
    setAccessibleName(tr("Jobs: %1").arg(m_words));
    updateGeometry();
    update();
}

QSize JobCorner::sizeHint() const
{
    const double text = tabularWidth(font(), m_words);
    const int mark = m_isFailure || m_isInterrupted ? kMarkWidth : 0;
    return {std::clamp(static_cast<int>(text) + 2 * kPadding + 8 + mark, kNarrowest, kWidest), kHeight};
}

void JobCorner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = themeOf(palette());
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath shape;
    shape.addRoundedRect(frame, kHeight / 2.0, kHeight / 2.0);
    painter.fillPath(shape, theme.surface);
    if (m_progress >= 0) {
        painter.save();
        painter.setClipPath(shape);
        painter.fillRect(QRectF(frame.left(), frame.top(), frame.width() * std::clamp(m_progress, 0.0, 1.0), frame.height()), theme.selection);
        painter.restore();
    }
    painter.setPen(QPen(hasFocus() || underMouse() ? theme.accent : theme.line, 1));
    painter.drawPath(shape);
    QRectF line = frame.adjusted(kPadding, 0, -kPadding, 0);
    if (m_isFailure || m_isInterrupted) {
        paintMark(painter, {line.left() + 4, line.center().y()}, m_isFailure ? Mark::bad : Mark::warning, theme);
        line.setLeft(line.left() + kMarkWidth);
    }
    painter.setPen(theme.text);
    drawTabular(painter, line, Qt::AlignHCenter, m_words);
}

} // namespace kino
