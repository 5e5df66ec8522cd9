// Shows one frame, letterboxed. It decodes nothing: whoever owns the film hands it pictures. GUI thread.
#pragma once

#include "core/media/image.h"

#include <QImage>
#include <QWidget>

#include <memory>

namespace kino {

/** A QImage over the picture's own memory, which it keeps alive. Any thread. */
QImage toQImage(std::shared_ptr<const Image> image);

class VideoView : public QWidget {
    Q_OBJECT

public:
    enum class Footage {
        none,    // the recording has no video: an empty state
        present, // the picture is what was filmed at this time
        missing  // nothing was filmed at this time: the last picture dimmed, and a sentence
    };

    explicit VideoView(QWidget *parent = nullptr);

    void setPicture(const QImage &picture);
    const QImage &picture() const { return m_picture; }
    void setFootage(Footage footage);
    Footage footage() const { return m_footage; }
    /** A thin bar at the lower edge while a better picture is on its way. */
    void setBusy(bool busy);
    /** The sentence of the empty state. */
    void setEmptyText(const QString &text);

    /** Where the picture lies, in logical pixels. */
    QRectF pictureRect() const;

    QSize sizeHint() const override { return {600, 372}; }
    QSize minimumSizeHint() const override { return {200, 120}; }

Q_SIGNALS:
    /** In physical pixels: how large a picture is of use. */
    void usefulSizeChanged(QSize size);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QImage m_picture;
    Footage m_footage = Footage::none;
    bool m_isBusy = false;
    QString m_emptyText;
};

} // namespace kino
