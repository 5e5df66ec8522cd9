#include "app/kinoscope/annotate/label_set_dialog.h"

#include "widgets/style/icons.h"
#include "widgets/style/theme.h"
#include "widgets/timeline/label_colours.h"

#include <QColorDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace kino {
namespace {

enum LabelColumn { colourColumn, labelColumn, keyColumn };
constexpr int kColour = Qt::UserRole; // "#rrggbb", or empty: follows from the name

QIcon swatch(const QColor &colour, qreal ratio)
{
    QPixmap picture(QSize(14, 14) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(0, 0, 14, 14), 3, 3);
    return QIcon(picture);
}

} // namespace

LabelSetDialog::LabelSetDialog(const LabelSet &set, std::vector<std::string> taken, std::vector<std::string> reserved, QWidget *parent)
    : QDialog(parent), m_id(set.id), m_taken(std::move(taken)), m_reserved(std::move(reserved)), m_name(new QLineEdit(QString::fromStdString(set.name))),
      m_table(new QTableWidget(0, 3)), m_problems(new QLabel), m_keep(new QPushButton(tr("Keep")))
{
    setWindowTitle(tr("Label set"));
    resize(440, 480);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    m_name->setAccessibleName(tr("Name of the set"));
    m_name->setPlaceholderText(tr("Name of the set"));
    column->addWidget(m_name);
    m_table->setAccessibleName(tr("Labels"));
    m_table->setProperty("look", QStringLiteral("framed"));
    m_table->setHorizontalHeaderLabels({QString(), tr("Label"), tr("Key")});
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(28);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setMinimumSectionSize(24);
    m_table->horizontalHeader()->setSectionResizeMode(colourColumn, QHeaderView::Fixed);
    m_table->horizontalHeader()->setSectionResizeMode(labelColumn, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(keyColumn, QHeaderView::Fixed);
    m_table->horizontalHeaderItem(labelColumn)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setColumnWidth(colourColumn, 34);
    m_table->setColumnWidth(keyColumn, 64);
    column->addWidget(m_table, 1);
    auto *tools = new QHBoxLayout;
    const auto tool = [&](const QString &text, auto &&slot) {
        auto *button = new QPushButton(text);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, slot);
        tools->addWidget(button);
        return button;
    };
    tool(tr("Add label"), [this] {
        const int key = m_table->rowCount() + 1;
        addRow({"", "", key <= 9 ? std::to_string(key) : std::string()});
        m_table->setCurrentCell(m_table->rowCount() - 1, labelColumn);
        m_table->editItem(m_table->item(m_table->rowCount() - 1, labelColumn));
    });
    tool(tr("Remove"), [this] { m_table->removeRow(m_table->currentRow()); check(); });
    tool(tr("Up"), [this] { moveRow(-1); });
    tool(tr("Down"), [this] { moveRow(1); });
    tool(tr("Colour\u2026"), [this] { chooseColour(m_table->currentRow()); });
    tools->addStretch(1);
    column->addLayout(tools);
    m_problems->setWordWrap(true);
    m_problems->setMinimumHeight(36);
    m_problems->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    column->addWidget(m_problems);
    auto *buttons = new QHBoxLayout;
    auto *remove = new QPushButton(tr("Remove set"));
    remove->setAutoDefault(false);
    remove->setVisible(set.id != 0);
    connect(remove, &QPushButton::clicked, this, [this] {
        m_outcome = Outcome::remove;
        accept();
    });
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setAutoDefault(false);
    m_keep->setProperty("look", QStringLiteral("primary"));
    m_keep->setDefault(true);
    buttons->addWidget(remove);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_keep);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_keep, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_name, &QLineEdit::textChanged, this, &LabelSetDialog::check);
    for (const LabelDefinition &label : set.labels)
        addRow(label);
    connect(m_table, &QTableWidget::itemChanged, this, &LabelSetDialog::check);
    connect(m_table, &QTableWidget::cellDoubleClicked, this, [this](int row, int clicked) {
        if (clicked == colourColumn)
            chooseColour(row);
    });
    check();
}

void LabelSetDialog::addRow(const LabelDefinition &label)
{
    const QSignalBlocker quiet(m_table);
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    auto *colour = new QTableWidgetItem;
    colour->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    colour->setToolTip(tr("Double click: choose another colour"));
    m_table->setItem(row, colourColumn, colour);
    m_table->setItem(row, labelColumn, new QTableWidgetItem(QString::fromStdString(label.label)));
    auto *key = new QTableWidgetItem(QString::fromStdString(label.key));
    key->setTextAlignment(Qt::AlignCenter);
    m_table->setItem(row, keyColumn, key);
    setColour(row, QString::fromStdString(label.colour));
}

void LabelSetDialog::setColour(int row, const QString &colour)
{
    const QSignalBlocker quiet(m_table);
    QTableWidgetItem *item = m_table->item(row, colourColumn);
    item->setData(kColour, colour);
    const QColor shown = colour.isEmpty() ? labelColour(themeOf(palette()), m_table->item(row, labelColumn)->text()) : QColor(colour);
    item->setIcon(swatch(shown, devicePixelRatioF()));
}

void LabelSetDialog::chooseColour(int row)
{
    if (row < 0)
        return;
    const QString now = m_table->item(row, colourColumn)->data(kColour).toString();
    const QColor chosen = QColorDialog::getColor(now.isEmpty() ? labelColour(themeOf(palette()), m_table->item(row, labelColumn)->text()) : QColor(now), this, tr("Colour of the label"));
    if (chosen.isValid())
        setColour(row, chosen.name());
    check();
}

void LabelSetDialog::moveRow(int by)
{
    const int row = m_table->currentRow();
    const int to = row + by;
    if (row < 0 || to < 0 || to >= m_table->rowCount())
        return;
    const QSignalBlocker quiet(m_table);
    for (int each = 0; each < m_table->columnCount(); ++each) {
        QTableWidgetItem *here = m_table->takeItem(row, each);
        QTableWidgetItem *there = m_table->takeItem(to, each);
        m_table->setItem(row, each, there);
        m_table->setItem(to, each, here);
    }
    m_table->setCurrentCell(to, labelColumn);
}

LabelSet LabelSetDialog::labelSet() const
{
    LabelSet set{m_id, m_name->text().trimmed().toStdString(), {}};
    for (int row = 0; row < m_table->rowCount(); ++row) {
        set.labels.push_back({m_table->item(row, labelColumn)->text().trimmed().toStdString(), m_table->item(row, colourColumn)->data(kColour).toString().toStdString(),
                              m_table->item(row, keyColumn)->text().trimmed().toStdString()});
    }
    return set;
}

QStringList LabelSetDialog::problems() const
{
    const LabelSet set = labelSet();
    std::vector<std::string> found = problemsOf(set, m_reserved);
    if (std::ranges::find(m_taken, set.name) != m_taken.end())
        found.push_back("this project has a set of labels \"" + set.name + "\" already; choose another name");
    if (set.labels.empty())
        found.emplace_back("a set needs a label or more");
    QStringList sentences;
    for (const std::string &problem : found) {
        QString sentence = QString::fromStdString(problem);
        sentence[0] = sentence[0].toUpper();
        sentences += sentence + QLatin1Char('.');
    }
    return sentences;
}

void LabelSetDialog::check()
{
    for (int row = 0; row < m_table->rowCount(); ++row)
        setColour(row, m_table->item(row, colourColumn)->data(kColour).toString());
    const QStringList found = problems();
    QPalette colours = m_problems->palette();
    colours.setColor(QPalette::WindowText, themeOf(palette()).bad);
    m_problems->setPalette(colours);
    m_problems->setText(found.mid(0, 3).join(QLatin1Char(' ')));
    m_keep->setEnabled(found.isEmpty());
}

} // namespace kino
