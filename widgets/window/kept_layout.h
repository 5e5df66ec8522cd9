// A layout of docks that was kept from another start. Sizes that are restored while the page is hidden, or before the window manager
// has given the window its size, are stretched with the page afterwards: they are restored anew until a person does something.
// GUI thread; belongs to its page.
#pragma once

#include <QByteArray>
#include <QMainWindow>
#include <QTimer>

#include <functional>
#include <optional>

namespace kino {

class KeptLayout : public QObject {
    Q_OBJECT

public:
    /** `apply` restores the page's docks from the state; false where it cannot. */
    KeptLayout(QMainWindow &page, std::function<bool(const QByteArray &)> apply);

    /** Restores it, and holds it; false where that cannot be done: then nothing is held. */
    bool hold(const QByteArray &state);
    void letGo();
    /** Once more, where one is held: what the page shows has changed. */
    void renew();
    /** What is to be kept of a page that was never seen, or never touched since. */
    const std::optional<QByteArray> &held() const { return m_held; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QMainWindow &m_page;
    std::function<bool(const QByteArray &)> m_apply;
    std::optional<QByteArray> m_held;
    QTimer m_renewal;
};

} // namespace kino
