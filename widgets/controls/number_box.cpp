#include "widgets/controls/number_box.h"

#include <QWheelEvent>

namespace kino {

NumberBox::NumberBox(const QString &name, double least, double most, int decimals, const QString &unit, QWidget *parent) : QDoubleSpinBox(parent)
{
    setLocale(QLocale::c());
    setAccessibleName(name);
    setDecimals(decimals);
    setRange(least, most);
    if (!unit.isEmpty())
        setSuffix(QStringLiteral("\u00a0") + unit);
    setButtonSymbols(QAbstractSpinBox::NoButtons);
    setKeyboardTracking(false);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QString NumberBox::textFromValue(double value) const
{
    QString text = QString::number(value, 'f', decimals());
    if (!text.contains(QLatin1Char('.')))
        return text;
    while (text.endsWith(QLatin1Char('0')))
        text.chop(1);
    if (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    return text;
}

double NumberBox::valueFromText(const QString &text) const
{
    QString plain = text;
    plain.replace(QLatin1Char(','), QLatin1Char('.'));
    return QDoubleSpinBox::valueFromText(plain);
}

QValidator::State NumberBox::validate(QString &text, int &position) const
{
    text.replace(QLatin1Char(','), QLatin1Char('.'));
    return QDoubleSpinBox::validate(text, position);
}

QSize NumberBox::sizeHint() const { return {96, QDoubleSpinBox::sizeHint().height()}; }

QSize NumberBox::minimumSizeHint() const { return {56, QDoubleSpinBox::minimumSizeHint().height()}; }

void NumberBox::wheelEvent(QWheelEvent *event)
{
    if (hasFocus())
        QDoubleSpinBox::wheelEvent(event);
    else
        event->ignore();
}

} // namespace kino
