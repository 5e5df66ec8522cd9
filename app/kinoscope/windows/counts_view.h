// Windows in numbers: kept ones by class (and subject), dropped ones by reason. GUI thread.
#pragma once

#include "core/data/windows/window_set.h"
#include "widgets/timeline/label_colours.h"

#include <QTreeWidget>

namespace kino {

class CountsView : public QTreeWidget {
    Q_OBJECT

public:
    explicit CountsView(QWidget *parent = nullptr);

    /** With `bySubject` there is a heading for each subject too, its classes below it. */
    void setCounts(const WindowCounts &counts, bool bySubject);
    /** Colours that a person has chosen for labels. */
    void setLabelColours(const LabelColours &colours);
    /** As lines with tabulators, headings first. */
    QString asText() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    QTreeWidgetItem *addHeading(const QString &name, const FateCount &total, std::optional<std::size_t> bouts);
    void addClass(QTreeWidgetItem *to, const ClassCount &count);
    void colour();

    LabelColours m_colours;
};

} // namespace kino
