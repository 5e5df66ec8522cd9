// A number with its unit. A comma counts as the point it stands for, whatever the system's language is; the wheel turns it
// only where it has the focus, so that scrolling a form past it changes nothing. GUI thread.
#pragma once

#include <QDoubleSpinBox>

namespace kino {

class NumberBox : public QDoubleSpinBox {
    Q_OBJECT

public:
    /** `name` is what a screen reader says. Typed numbers count when Return is pressed or the focus leaves. */
    NumberBox(const QString &name, double least, double most, int decimals, const QString &unit, QWidget *parent = nullptr);

    QString textFromValue(double value) const override;
    double valueFromText(const QString &text) const override;
    QValidator::State validate(QString &text, int &position) const override;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void wheelEvent(QWheelEvent *event) override;
};

} // namespace kino
