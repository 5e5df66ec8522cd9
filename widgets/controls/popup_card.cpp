#include "widgets/controls/popup_card.h"

#include "widgets/style/theme.h"

#include <QLabel>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kWidth = 320;

} // namespace

PopupCard::PopupCard(const QString &name, const QString &title, QWidget *parent) : QFrame(parent, Qt::Popup), m_column(new QVBoxLayout(this))
{
    setObjectName(name);
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    m_column->setContentsMargins(12, 12, 12, 12);
    m_column->setSpacing(8);
    auto *head = new QLabel(title, this);
    head->setFont(panelTitleFont(font()));
    head->setTextFormat(Qt::PlainText);
    head->setWordWrap(true);
    m_column->addWidget(head);
    setFixedWidth(kWidth);
}

} // namespace kino
