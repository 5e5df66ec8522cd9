#include "widgets/window/start_page.h"

#include "widgets/style/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kStartColumnWidth = 540;
constexpr int kMostPathsInTip = 12;

} // namespace

StartPage::StartPage(const std::vector<QAction *> &actions, QWidget *parent)
    : QWidget(parent), m_recentTitle(new QLabel(tr("Recent"), this)), m_recent(new QVBoxLayout)
{
    setObjectName(QStringLiteral("page"));
    setAttribute(Qt::WA_StyledBackground);
    auto *across = new QHBoxLayout(this);
    across->addStretch(1);
    auto *holder = new QWidget(this);
    holder->setFixedWidth(kStartColumnWidth);
    auto *column = new QVBoxLayout(holder);
    column->setSpacing(12);
    column->addStretch(2);
    auto *title = new QLabel(tr("Kinoscope"), holder);
    QFont big = font();
    big.setPointSizeF(font().pointSizeF() * 2.2);
    big.setWeight(QFont::DemiBold);
    title->setFont(big);
    column->addWidget(title);
    auto *about = new QLabel(tr("Motion recordings and the video beside them, on one clock. Open files from cameras, phones, "
                                "watches and loggers, or drop them anywhere in this window."),
                             holder);
    about->setWordWrap(true);
    about->setProperty("role", QStringLiteral("dim"));
    column->addWidget(about);
    column->addSpacing(4);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    bool isFirst = true;
    for (QAction *action : actions) {
        auto *button = new QPushButton(action->text().remove(QLatin1Char('&')), holder);
        button->setToolTip(action->toolTip());
        if (isFirst)
            button->setProperty("look", QStringLiteral("primary"));
        isFirst = false;
        button->setEnabled(action->isEnabled());
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, button, [button, action] { button->setEnabled(action->isEnabled()); });
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addSpacing(12);
    QFont strong = panelTitleFont(font());
    m_recentTitle->setFont(strong);
    column->addWidget(m_recentTitle);
    m_recent->setSpacing(2);
    column->addLayout(m_recent);
    column->addStretch(3);
    across->addWidget(holder);
    across->addStretch(1);
    setRecent({});
}

void StartPage::setRecent(const std::vector<RecentEntry> &entries)
{
    while (QLayoutItem *item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recentTitle->setVisible(!entries.empty());
    for (const RecentEntry &entry : entries) {
        auto *button = new QPushButton(entry.name, this);
        button->setProperty("look", QStringLiteral("link"));
        QStringList paths = entry.path.split(QLatin1Char('\n'));
        if (paths.size() > kMostPathsInTip)
            paths = paths.first(kMostPathsInTip - 1) << QString(QChar(0x2026));
        button->setToolTip(paths.join(QLatin1Char('\n')));
        connect(button, &QPushButton::clicked, this, [this, path = entry.path] { Q_EMIT recentChosen(path); });
        m_recent->addWidget(button, 0, Qt::AlignLeft);
    }
}

} // namespace kino
