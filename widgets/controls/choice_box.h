// A list to choose from that may be narrower than its texts: what does not fit ends in an ellipsis and is told by the
// tip. GUI thread.
#pragma once

#include <QComboBox>

namespace kino {

class ChoiceBox : public QComboBox {
    Q_OBJECT

public:
    /** `name` is what a screen reader and the tip say. */
    explicit ChoiceBox(const QString &name, QWidget *parent = nullptr);

    /** The current text as it fits now: the whole, or its beginning and an ellipsis. */
    QString shownText() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;
};

} // namespace kino
