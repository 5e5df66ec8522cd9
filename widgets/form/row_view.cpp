#include "widgets/form/row_view.h"

#include "widgets/controls/status_mark.h"
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QGridLayout>
#include <QPainter>
#include <QToolButton>

namespace kino {
namespace {

constexpr int kIndent = 16;

QString paragraph(const QString &words) { return words.isEmpty() ? QString() : QStringLiteral("<p>%1</p>").arg(words.toHtmlEscaped()); }

QString tipOf(const FormField &field, const FieldState &state)
{
    QString tip = paragraph(field.help);
    if (!field.allowed.isEmpty())
        tip += paragraph(QObject::tr("Must be %1.").arg(field.allowed));
    if (!field.usualWords.isEmpty())
        tip += paragraph(QObject::tr("Default: %1.").arg(field.usualWords));
    else if (const QString usual = fieldText(state.usual); !state.usual.is_null() && field.kind != FieldKind::section)
        tip += paragraph(QObject::tr("Default: %1.").arg(usual.isEmpty() ? QObject::tr("empty") : usual));
    if (!field.source.isEmpty())
        tip += paragraph(QObject::tr("Source: %1").arg(field.source));
    tip += QStringLiteral("<p><small>%1</small></p>").arg(QString::fromStdString(field.path).toHtmlEscaped());
    return QStringLiteral("<qt>%1</qt>").arg(tip);
}

QToolButton *smallButton(const QString &iconName, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setIconSize({12, 12});
    button->setProperty("look", QStringLiteral("small"));
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

MarkedSentence::MarkedSentence(QWidget *parent) : QLabel(parent)
{
    setWordWrap(true);
    setContentsMargins(16, 0, 0, 4);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    hide();
}

void MarkedSentence::setSentence(const QString &sentence, bool isWarning)
{
    m_isWarning = isWarning;
    setText(sentence);
    setVisible(!sentence.isEmpty());
    update();
}

void MarkedSentence::paintEvent(QPaintEvent *event)
{
    QLabel::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintMark(painter, {7, QFontMetricsF(font()).height() / 2}, m_isWarning ? Mark::warning : Mark::bad, themeOf(palette()));
}

FormRowView::FormRowView(FormRow row, QWidget *parent)
    : QWidget(parent), m_row(std::move(row)), m_caption(new QLabel(this)),
      m_editor(m_row.kind == FormRow::Kind::entry ? makeNameEditor(*m_row.field, this) : makeValueEditor(*m_row.field, this)), m_message(new MarkedSentence(this))
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(m_row.depth * kIndent, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    m_caption->setFixedWidth(kCaptionWidth - m_row.depth * kIndent);
    m_caption->setWordWrap(true);
    m_caption->setProperty("role", QStringLiteral("dim"));
    m_caption->setBuddy(m_editor->control());
    m_caption->setText(m_row.kind == FormRow::Kind::entry ? QString::fromStdString(m_row.path.substr(m_row.path.rfind('.') + 1)) : m_row.field->title);
    if (m_row.kind == FormRow::Kind::entry)
        m_caption->setText(tr("No. %1").arg(m_caption->text().toInt() + 1));
    grid->addWidget(m_caption, 0, 0, Qt::AlignVCenter);
    grid->addWidget(m_editor, 0, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    if (m_row.kind == FormRow::Kind::entry) {
        m_up = smallButton(QStringLiteral("arrow-up"), tr("Earlier"), this);
        m_down = smallButton(QStringLiteral("arrow-down"), tr("Later"), this);
        connect(m_up, &QToolButton::clicked, this, [this] { Q_EMIT moved(-1); });
        connect(m_down, &QToolButton::clicked, this, [this] { Q_EMIT moved(1); });
        buttons->addWidget(m_up);
        buttons->addWidget(m_down);
    }
    m_clear = smallButton(m_row.kind == FormRow::Kind::entry ? QStringLiteral("close") : QStringLiteral("reset"),
                          m_row.kind == FormRow::Kind::entry ? tr("Take it out of the list") : tr("Back to the default: %1").arg(m_row.field->title), this);
    QSizePolicy kept = m_clear->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_clear->setSizePolicy(kept);
    connect(m_clear, &QToolButton::clicked, this, &FormRowView::cleared);
    buttons->addWidget(m_clear);
    grid->addLayout(buttons, 0, 2);
    grid->addWidget(m_message, 1, 1, 1, 2);
    connect(m_editor, &ValueEditor::edited, this, &FormRowView::edited);
    connect(m_editor, &ValueEditor::cleared, this, &FormRowView::cleared);
}

void FormRowView::show(const nlohmann::json *given, const FieldState &state, const std::vector<FormProblem> &problems, std::size_t entries)
{
    m_editor->show(given, state.usual);
    m_editor->setEnabled(state.applies || given);
    const bool isEntry = m_row.kind == FormRow::Kind::entry;
    const bool isSection = m_row.field->kind == FieldKind::section && !isEntry;
    const bool wasDifferent = m_isDifferent;
    m_isDifferent = !isEntry && given && (isSection ? !given->is_null() : !saysTheUsual(*given, state.usual));
    m_clear->setVisible(isEntry || given);
    if (m_up) {
        const std::size_t place = std::stoul(m_row.path.substr(m_row.path.rfind('.') + 1));
        m_up->setEnabled(place > 0);
        m_down->setEnabled(place + 1 < entries);
    }
    if (m_isDifferent != wasDifferent)
        markDifferent();
    const QString tip = tipOf(*m_row.field, state);
    m_caption->setToolTip(tip);
    m_editor->control()->setToolTip(tip);
    m_hasProblem = !problems.empty();
    if (!problems.empty()) {
        QStringList sentences;
        bool isWarning = true;
        for (const FormProblem &problem : problems) {
            sentences += problem.sentence;
            isWarning = isWarning && problem.isWarning;
        }
        m_message->setSentence(sentences.join(QLatin1Char('\n')), isWarning);
    } else if (!state.applies) {
        m_message->setSentence(state.reason, true);
    } else {
        m_message->setSentence({}, false);
    }
    m_editor->control()->setAccessibleDescription(m_message->text());
}

void FormRowView::markDifferent()
{
    QFont font = this->font();
    font.setWeight(m_isDifferent ? QFont::DemiBold : QFont::Normal);
    m_caption->setFont(font);
    m_caption->setProperty("role", m_isDifferent ? QString() : QStringLiteral("dim"));
    m_caption->style()->unpolish(m_caption);
    m_caption->style()->polish(m_caption);
}

void FormRowView::focus() { m_editor->control()->setFocus(Qt::OtherFocusReason); }

} // namespace kino
