#include "widgets/player/video_view.h"

#include "widgets/style/theme.h"

#include <QPainter>

namespace kino {
namespace {

constexpr int kBusyHeight = 2;
constexpr int kDimAlpha = 150;

} // namespace

QImage toQImage(std::shared_ptr<const Image> image)
{
    if (!image || image->empty())
        return {};
    using Owner = std::shared_ptr<const Image>;
    auto *owner = new Owner(std::move(image));
    const Image &picture = **owner;
    return QImage(
        picture.bgra.data(), picture.width, picture.height, picture.width * 4, QImage::Format_RGB32,
        [](void *memory) { delete static_cast<Owner *>(memory); }, owner);
}

VideoView::VideoView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Video"));
    setAttribute(Qt::WA_OpaquePaintEvent);
}

void VideoView::setPicture(const QImage &picture)
{
    m_picture = picture;
    update();
}

void VideoView::setFootage(Footage footage)
{
    if (m_footage == footage)
        return;
    m_footage = footage;
    update();
}

void VideoView::setBusy(bool busy)
{
    if (m_isBusy == busy)
        return;
    m_isBusy = busy;
    update(0, height() - kBusyHeight, width(), kBusyHeight);
}

void VideoView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    update();
}

QRectF VideoView::pictureRect() const
{
    if (m_picture.isNull())
        return {};
    const QSizeF fitted = QSizeF(m_picture.size()).scaled(QSizeF(size()), Qt::KeepAspectRatio);
    return {QPointF((width() - fitted.width()) / 2, (height() - fitted.height()) / 2), fitted};
}

void VideoView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    Q_EMIT usefulSizeChanged((QSizeF(size()) * devicePixelRatioF()).toSize());
}

void VideoView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = themeOf(palette());
    if (m_footage == Footage::none) {
        painter.fillRect(rect(), theme.surface);
        painter.setPen(theme.dim);
        painter.drawText(rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    painter.fillRect(rect(), Qt::black);
    if (!m_picture.isNull()) {
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(pictureRect(), m_picture);
    }
    if (m_footage == Footage::missing) {
        painter.fillRect(rect(), QColor(0, 0, 0, kDimAlpha));
        painter.setPen(QColor(0xE6E6E3));
        painter.drawText(rect(), Qt::AlignCenter, tr("No footage here"));
    }
    if (m_isBusy)
        painter.fillRect(0, height() - kBusyHeight, width(), kBusyHeight, theme.accent);
}

} // namespace kino
