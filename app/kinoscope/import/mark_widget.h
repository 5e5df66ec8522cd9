// A mark (status_mark.h) that stands beside a sentence.
#pragma once

#include "widgets/controls/status_mark.h"

#include <QPainter>
#include <QWidget>

namespace kino {

class MarkWidget : public QWidget {
public:
    explicit MarkWidget(QWidget *parent) : QWidget(parent) { setFixedSize(16, 16); }
    void setMark(Mark mark)
    {
        m_mark = mark;
        setAccessibleName(markName(mark));
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintMark(painter, {8, 8}, m_mark, themeOf(palette()));
    }

private:
    Mark m_mark = Mark::none;
};

} // namespace kino
