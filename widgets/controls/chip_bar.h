// Chips that switch filters on: as many lines as the width needs. GUI thread.
#pragma once

#include "widgets/timeline/label_colours.h"

#include <QSet>
#include <QWidget>

#include <vector>

class QToolButton;

namespace kino {

struct Chip {
    QString name;
    QString tip;
    /** A dot in the label's own colour. */
    bool isLabel = false;
};

class ChipBar : public QWidget {
    Q_OBJECT

public:
    explicit ChipBar(QWidget *parent = nullptr);

    /** What is on stays on where it is still there. More than `most` are folded behind a last chip. */
    void setChips(const std::vector<Chip> &chips, int most);
    /** Of the dots, where a person has chosen them. */
    void setLabelColours(const LabelColours &colours);
    QSet<QString> checked() const { return m_checked; }
    void uncheckAll();
    /** Those of the chips that are on from now on; tells nobody. */
    void setChecked(const QSet<QString> &names);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return arrange(width, false); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {60, 0}; }

Q_SIGNALS:
    void checkedChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    int arrange(int width, bool isForReal) const;
    void make();

    std::vector<Chip> m_chips;
    LabelColours m_colours;
    int m_most = 0;
    bool m_isUnfolded = false;
    QSet<QString> m_checked;
    std::vector<QToolButton *> m_buttons;
};

} // namespace kino
