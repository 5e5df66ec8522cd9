// Wires the transport bar to the session. GUI thread.
#pragma once

#include "widgets/player/transport_bar.h"

namespace kino {

class Session;

class TransportPanel : public TransportBar {
    Q_OBJECT

public:
    TransportPanel(Session &session, const Actions &actions, QWidget *parent = nullptr);

private:
    void showPlayhead();

    Session &m_session;
};

} // namespace kino
