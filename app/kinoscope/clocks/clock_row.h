// One device or video in the list of clocks: name, where its clock lies, and who says so. GUI thread.
#pragma once

#include <QAbstractButton>

namespace kino {

class ClockRow : public QAbstractButton {
    Q_OBJECT

public:
    explicit ClockRow(QWidget *parent = nullptr);

    void setTexts(const QString &name, const QString &origin, const QString &offset, const QString &drift);
    QSize sizeHint() const override { return {200, 48}; }
    QSize minimumSizeHint() const override { return {120, 48}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QString m_name;
    QString m_origin;
    QString m_offset;
    QString m_drift;
};

} // namespace kino
