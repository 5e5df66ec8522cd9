#include "app/kinoscope/annotate/compare_dialog.h"

#include "widgets/style/theme.h"
#include "widgets/timeline/time_axis.h"

#include <QClipboard>
#include <QComboBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace kino {
namespace {

/** Always with a point: what is copied is read by programs. */
QString number(double value, int digits) { return std::isnan(value) ? QStringLiteral("\u2013") : QString::number(value, 'f', digits); }

QString labelText(const std::string &label) { return label.empty() ? CompareDialog::tr("(nothing)") : QString::fromStdString(label); }

QTableWidget *makeTable(const QString &name)
{
    auto *table = new QTableWidget;
    table->setAccessibleName(name);
    table->setProperty("look", QStringLiteral("framed"));
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->setSelectionMode(QAbstractItemView::NoSelection);
    table->setFocusPolicy(Qt::TabFocus);
    table->horizontalHeader()->setMinimumSectionSize(44);
    table->verticalHeader()->setDefaultSectionSize(26);
    return table;
}

QTableWidgetItem *cell(const QString &text, Qt::Alignment alignment = Qt::AlignRight | Qt::AlignVCenter)
{
    auto *item = new QTableWidgetItem(text);
    item->setTextAlignment(alignment);
    return item;
}

} // namespace

CompareDialog::CompareDialog(std::vector<AnnotationTier> tiers, TaskRunner &runner, QWidget *parent)
    : QDialog(parent), m_tiers(std::move(tiers)), m_line(runner, this), m_a(new QComboBox), m_b(new QComboBox), m_rate(new QComboBox),
      m_unlabelled(new QComboBox), m_kappa(new QLabel), m_words(new QLabel), m_labels(makeTable(tr("Agreement by label"))),
      m_confusion(makeTable(tr("What one says where the other says something"))), m_copy(new QPushButton(tr("&Copy as text")))
{
    setWindowTitle(tr("Compare tiers"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(720, 640);
    std::erase_if(m_tiers, [](const AnnotationTier &tier) { return tier.kind != TierKind::label; });
    for (const AnnotationTier &tier : m_tiers) {
        m_a->addItem(QString::fromStdString(tier.name));
        m_b->addItem(QString::fromStdString(tier.name));
    }
    m_b->setCurrentIndex(m_tiers.size() > 1 ? 1 : 0);
    m_a->setAccessibleName(tr("First tier"));
    m_b->setAccessibleName(tr("Second tier"));
    m_rate->addItem(tr("exact durations"), 0.0);
    for (const double rate : {10.0, 25.0, 30.0, 50.0, 100.0})
        m_rate->addItem(tr("%1 frames a second").arg(rate), rate);
    m_rate->setCurrentIndex(5);
    m_unlabelled->addItem(tr("count as a label of their own"), static_cast<int>(UnlabelledFrames::asLabel));
    m_unlabelled->addItem(tr("do not count"), static_cast<int>(UnlabelledFrames::leaveOut));
    m_unlabelled->addItem(tr("do not count where both say nothing"), static_cast<int>(UnlabelledFrames::leaveOutCommon));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(10);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(12);
    auto *pair = new QHBoxLayout;
    pair->setSpacing(8);
    pair->addWidget(m_a, 1);
    pair->addWidget(new QLabel(tr("with")));
    pair->addWidget(m_b, 1);
    form->addRow(tr("Compare"), pair);
    form->addRow(tr("Measured in"), m_rate);
    form->addRow(tr("Unlabelled stretches"), m_unlabelled);
    column->addLayout(form);
    m_kappa->setFont(panelTitleFont(font()));
    m_kappa->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_words->setProperty("role", QStringLiteral("dim"));
    m_words->setWordWrap(true);
    column->addWidget(m_kappa);
    column->addWidget(m_words);
    m_labels->verticalHeader()->hide();
    column->addWidget(m_labels, 1);
    auto *confusionTitle = new QLabel(tr("Rows: the first says; columns: the second says"));
    confusionTitle->setProperty("role", QStringLiteral("dim"));
    column->addWidget(confusionTitle);
    column->addWidget(m_confusion, 1);
    auto *buttons = new QHBoxLayout;
    auto *close = new QPushButton(tr("Close"));
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    buttons->addWidget(close);
    column->addLayout(buttons);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
    for (QComboBox *box : {m_a, m_b, m_rate, m_unlabelled})
        connect(box, qOverload<int>(&QComboBox::currentIndexChanged), this, &CompareDialog::compute);
    m_line.onFailure([this](const QString &sentence, const QString &) {
        m_kappa->setText(tr("These tiers cannot be compared"));
        m_words->setText(sentence);
    });
    compute();
}

void CompareDialog::choose(const QString &a, const QString &b)
{
    m_a->setCurrentText(a);
    m_b->setCurrentText(b);
}

AgreementOptions CompareDialog::options() const
{
    AgreementOptions options;
    options.frameRateHz = m_rate->currentData().toDouble();
    options.unlabelled = static_cast<UnlabelledFrames>(m_unlabelled->currentData().toInt());
    return options;
}

void CompareDialog::compute()
{
    m_agreement.reset();
    m_copy->setEnabled(false);
    if (m_tiers.size() < 2) {
        m_kappa->setText(tr("Two tiers of labels are needed"));
        m_words->setText(tr("Each annotator labels on a tier of their own; import the other's labels, or add a tier."));
        return;
    }
    m_line.ask<Agreement>(
        [a = m_tiers[static_cast<std::size_t>(m_a->currentIndex())], b = m_tiers[static_cast<std::size_t>(m_b->currentIndex())],
         options = options()](const TaskContext &, const std::function<void(Agreement)> &) { return computeAgreement(a, b, options); },
        [this](const Agreement &agreement) { show(agreement); });
}

void CompareDialog::show(const Agreement &agreement)
{
    m_agreement = agreement;
    m_copy->setEnabled(true);
    m_kappa->setText(tr("Cohen's kappa  %1").arg(number(agreement.kappa, 3)));
    const bool isExact = options().frameRateHz == 0;
    const QString total = isExact ? tr("%1 s").arg(number(agreement.total, 1)) : tr("%1 frames").arg(number(agreement.total, 0));
    m_words->setText(tr("They say the same on %1 % of %2 from %3 to %4; chance alone would give %5 %.")
                         .arg(number(100 * agreement.observed, 1), total, clockText(agreement.from), clockText(agreement.to), number(100 * agreement.expected, 1)));
    m_labels->setColumnCount(5);
    m_labels->setHorizontalHeaderLabels({tr("Label"), tr("%1, s").arg(m_a->currentText()), tr("%1, s").arg(m_b->currentText()), tr("both, s"), tr("agreement")});
    m_labels->setRowCount(static_cast<int>(agreement.perLabel.size()));
    m_labels->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_labels->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_labels->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_labels->horizontalHeaderItem(4)->setToolTip(tr("Twice what both say, by what each says: 1 where they always agree"));
    for (int row = 0; row < m_labels->rowCount(); ++row) {
        const LabelAgreement &label = agreement.perLabel[static_cast<std::size_t>(row)];
        m_labels->setItem(row, 0, cell(labelText(label.label), Qt::AlignLeft | Qt::AlignVCenter));
        m_labels->setItem(row, 1, cell(number(label.secondsA, 2)));
        m_labels->setItem(row, 2, cell(number(label.secondsB, 2)));
        m_labels->setItem(row, 3, cell(number(label.secondsBoth, 2)));
        m_labels->setItem(row, 4, cell(number(label.specific, 3)));
    }
    QStringList names;
    for (const std::string &label : agreement.labels)
        names += labelText(label);
    const int count = static_cast<int>(names.size());
    m_confusion->setRowCount(count);
    m_confusion->setColumnCount(count);
    m_confusion->setHorizontalHeaderLabels(names);
    m_confusion->setVerticalHeaderLabels(names);
    m_confusion->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    for (int row = 0; row < count; ++row) {
        for (int each = 0; each < count; ++each) {
            const double value = agreement.confusion[static_cast<std::size_t>(row)][static_cast<std::size_t>(each)];
            auto *item = cell(value == 0 ? QStringLiteral("\u00b7") : number(value, isExact ? 2 : 0));
            if (row == each) {
                QFont strong = font();
                strong.setWeight(QFont::DemiBold);
                item->setFont(strong);
            }
            m_confusion->setItem(row, each, item);
        }
    }
}

QString CompareDialog::asText() const
{
    if (!m_agreement)
        return {};
    const Agreement &it = *m_agreement;
    const bool isExact = options().frameRateHz == 0;
    QStringList lines{tr("Compared\t%1\t%2").arg(m_a->currentText(), m_b->currentText()),
                      tr("Measured in\t%1").arg(m_rate->currentText()),
                      tr("Unlabelled stretches\t%1").arg(m_unlabelled->currentText()),
                      tr("From, s\t%1").arg(number(toSeconds(it.from.ns), 3)),
                      tr("To, s\t%1").arg(number(toSeconds(it.to.ns), 3)),
                      tr("Cohen's kappa\t%1").arg(number(it.kappa, 4)),
                      tr("Observed agreement\t%1").arg(number(it.observed, 4)),
                      tr("Expected by chance\t%1").arg(number(it.expected, 4)),
                      QString(),
                      tr("Label\t%1, s\t%2, s\tboth, s\tspecific agreement").arg(m_a->currentText(), m_b->currentText())};
    for (const LabelAgreement &label : it.perLabel)
        lines += QStringList{labelText(label.label), number(label.secondsA, 3), number(label.secondsB, 3), number(label.secondsBoth, 3), number(label.specific, 4)}.join(QLatin1Char('\t'));
    lines += QString();
    QStringList head{tr("%1 \\ %2").arg(m_a->currentText(), m_b->currentText())};
    for (const std::string &label : it.labels)
        head += labelText(label);
    lines += head.join(QLatin1Char('\t'));
    for (std::size_t row = 0; row < it.labels.size(); ++row) {
        QStringList line{labelText(it.labels[row])};
        for (const double value : it.confusion[row])
            line += number(value, isExact ? 3 : 0);
        lines += line.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace kino
