#include "app/kinoscope/experiments/lost_notice.h"

#include "app/kinoscope/experiments/job_feed.h"
#include "app/kinoscope/experiments/job_words.h"
#include "widgets/form/row_view.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace kino {

LostNotice::LostNotice(QWidget *parent) : QWidget(parent), m_sentence(new MarkedSentence(this)), m_resume(new QPushButton(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 2, 12, 6);
    column->setSpacing(6);
    m_sentence->setWordWrap(true);
    m_resume->setAccessibleName(tr("Resume what its worker left"));
    column->addWidget(m_sentence);
    column->addWidget(m_resume);
    connect(m_resume, &QPushButton::clicked, this, [this] { Q_EMIT resumeRequested(m_ids); });
    hide();
}

QString LostNotice::sentence() const { return m_sentence->text(); }

void LostNotice::showLost(const QueueState *state)
{
    m_ids.clear();
    QString name;
    std::int64_t steps = 0;
    if (state && state->afterCrash != ResumePolicy::never) {
        for (const LostJob &each : state->lost) {
            m_ids.push_back(each.job.id);
            name = jobName(each.job);
            steps += each.steps;
        }
    }
    setVisible(!m_ids.empty());
    if (m_ids.empty())
        return;
    const bool isOne = m_ids.size() == 1;
    QString told = isOne ? tr("The worker of \u201c%1\u201d ended unexpectedly.").arg(name) : tr("The worker of %1 jobs ended unexpectedly.").arg(m_ids.size());
    if (steps > 0)
        told += QLatin1Char(' ') + lostStepsWords(steps) + QLatin1Char('.');
    m_sentence->setSentence(told, true);
    m_resume->setText(isOne ? tr("Resume") : tr("Resume them"));
}

} // namespace kino
