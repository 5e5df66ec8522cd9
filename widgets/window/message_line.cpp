#include "widgets/window/message_line.h"

#include "widgets/style/icons.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kHeight = 26;
constexpr int kLongestShown = 120;
/** News is read in passing, a warning may be looked for later; trouble stays until something else is to be said. */
constexpr int kNewsMs = 30'000;
constexpr int kWarningMs = 120'000;
/** What is said within this time belongs to the same deed. */
constexpr int kSameMomentMs = 300;

} // namespace

class MessageLine::MarkLabel : public QWidget {
public:
    explicit MarkLabel(QWidget *parent) : QWidget(parent) { setFixedSize(16, 16); }
    void setMark(Mark mark)
    {
        m_mark = mark;
        setVisible(mark == Mark::warning || mark == Mark::bad);
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintMark(painter, {8, 8}, m_mark, themeOf(palette()));
    }

private:
    Mark m_mark = Mark::none;
};

MessageLine::MessageLine(QWidget *parent)
    : QWidget(parent), m_summary(new QLabel(this)), m_work(new QLabel(this)), m_progress(new QProgressBar(this)),
      m_cancel(new QToolButton(this)), m_mark(new MarkLabel(this)), m_message(new QToolButton(this))
{
    setProperty("panel", QStringLiteral("bar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(kHeight);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 8, 0);
    row->setSpacing(8);
    m_summary->setFont(smallFont(font()));
    m_summary->setProperty("role", QStringLiteral("dim"));
    m_work->setFont(smallFont(font()));
    m_progress->setFixedWidth(120);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_cancel->setIcon(icon(QStringLiteral("close")));
    m_cancel->setIconSize({10, 10});
    m_cancel->setToolTip(tr("Stop"));
    m_cancel->setAccessibleName(tr("Stop"));
    m_cancel->setStyleSheet(QStringLiteral("QToolButton { padding: 1px; min-height: 12px; }"));
    m_message->setFont(smallFont(font()));
    m_message->setAccessibleName(tr("Last message"));
    m_message->setStyleSheet(QStringLiteral("QToolButton { padding: 1px 4px; min-height: 14px; }"));
    row->addWidget(m_summary);
    row->addStretch(1);
    row->addWidget(m_mark);
    row->addWidget(m_message);
    row->addWidget(m_work);
    row->addWidget(m_progress);
    row->addWidget(m_cancel);
    m_mark->hide();
    m_message->hide();
    setWork({}, 0);
    connect(m_message, &QToolButton::clicked, this, &MessageLine::showDetails);
    connect(m_cancel, &QToolButton::clicked, this, &MessageLine::cancelRequested);
    m_end.setSingleShot(true);
    connect(&m_end, &QTimer::timeout, this, [this] {
        if (m_message->hasFocus() || m_message->underMouse())
            m_end.start(kNewsMs); // it is being read
        else
            showMessage(Mark::none, {});
    });
}

void MessageLine::setSummary(const QString &text) { m_summary->setText(text); }

void MessageLine::showMessage(Mark mark, const QString &sentence, const QString &details, QAction *action)
{
    showMessage(mark, sentence, details);
    m_action = action;
    m_end.stop();
}

void MessageLine::showMessage(Mark mark, const QString &sentence, const QString &details)
{
    m_action.clear();
    m_kind = mark;
    m_shownFor.start();
    if (mark == Mark::bad || sentence.isEmpty())
        m_end.stop();
    else
        m_end.start(mark == Mark::warning ? kWarningMs : kNewsMs);
    m_details = details.isEmpty() ? sentence : details;
    m_mark->setMark(mark);
    const QString line = sentence.simplified();
    m_message->setText(line.size() > kLongestShown ? line.left(kLongestShown - 1) + QChar(0x2026) : line);
    m_message->setToolTip(m_details.size() > 400 ? m_details.left(400) + QChar(0x2026) : m_details);
    m_message->setVisible(!sentence.isEmpty());
}

void MessageLine::settle(Age age)
{
    if (m_kind != Mark::bad && !m_action && m_shownFor.isValid() && (age == Age::any || m_shownFor.elapsed() > kSameMomentMs))
        showMessage(Mark::none, {});
}

void MessageLine::withdraw(const QAction *action)
{
    if (m_action == action)
        showMessage(Mark::none, {});
}

void MessageLine::setWork(const QString &what, double fraction)
{
    const bool isBusy = !what.isEmpty();
    m_work->setText(what);
    m_work->setVisible(isBusy);
    m_progress->setVisible(isBusy);
    m_cancel->setVisible(isBusy);
    m_progress->setRange(0, fraction < 0 ? 0 : 1000);
    m_progress->setValue(static_cast<int>(fraction * 1000));
}

QString MessageLine::message() const { return m_message->isHidden() ? QString() : m_message->text(); }

void MessageLine::showDetails()
{
    if (m_action) {
        m_action->trigger();
        return;
    }
    if (m_details.isEmpty())
        return;
    // A popup closes by itself when the person goes on working.
    auto *popup = new QFrame(this, Qt::Popup);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setFrameShape(QFrame::StyledPanel);
    auto *column = new QVBoxLayout(popup);
    column->setContentsMargins(8, 8, 8, 8);
    auto *text = new QPlainTextEdit(m_details, popup);
    text->setReadOnly(true);
    text->setFrameShape(QFrame::NoFrame);
    text->setMinimumSize(480, 120);
    column->addWidget(text);
    popup->adjustSize();
    popup->move(m_message->mapToGlobal(QPoint(m_message->width() - popup->width(), -popup->height() - 4)));
    popup->show();
}

} // namespace kino
